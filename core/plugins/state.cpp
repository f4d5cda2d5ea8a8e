#include "core/plugins/state.hpp"

namespace gantry::plugins {

std::string_view name_of(State state) {
  switch (state) {
    case State::kDiscovered:
      return "discovered";
    case State::kVerified:
      return "verified";
    case State::kLoaded:
      return "loaded";
    case State::kPrepared:
      return "prepared";
    case State::kMigrated:
      return "migrated";
    case State::kStarted:
      return "started";
    case State::kActive:
      return "active";
    case State::kDraining:
      return "draining";
    case State::kStopped:
      return "stopped";
    case State::kRetired:
      return "retired";
    case State::kFailed:
      return "failed";
    case State::kDisabled:
      return "disabled";
    case State::kRefused:
      return "refused";
  }
  return "unknown";
}

}  // namespace gantry::plugins
