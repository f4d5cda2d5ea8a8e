#include "core/pipeline/phase.hpp"

#include <array>

namespace gantry::pipeline {
namespace {

constexpr std::array<std::string_view, 10> kNames = {
    "edge", "trace", "admit", "authn", "quota", "authz", "validate", "cache", "audit", "handle"};

}  // namespace

std::string_view name_of(Phase phase) { return kNames[static_cast<size_t>(phase)]; }

std::optional<Phase> phase_of(std::string_view name) {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<Phase>(i);
  }
  return std::nullopt;
}

}  // namespace gantry::pipeline
