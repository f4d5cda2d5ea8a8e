// State: where a plugin is in its life. In the order a plugin goes through them; the last three are
// aside.
#pragma once
#include <cstdint>
#include <string_view>

namespace gantry::plugins {

enum class State : uint8_t {
  kDiscovered,  // a file of that name was found
  kVerified,    // the file may be loaded
  kLoaded,      // mapped
  kPrepared,    // entered; its plan was taken
  kMigrated,    // its tables are as it expects
  kStarted,     // it has started; nothing reaches it yet
  kActive,      // requests and events reach it
  kDraining,    // nothing new reaches it; some calls are still inside
  kStopped,     // no call is inside and none will come
  kRetired,     // destroyed; its code stays mapped
  kFailed,      // enabled, but could not be started
  kDisabled,    // not enabled, or switched off
  kRefused,     // the file must not be loaded
};

std::string_view name_of(State state);  // "discovered" "verified" …

}  // namespace gantry::plugins
