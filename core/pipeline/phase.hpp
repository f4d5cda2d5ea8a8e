// Phase: where in a chain a middleware belongs. A chain may not go back in phase.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace gantry::pipeline {

enum class Phase : uint8_t {
  kEdge,
  kTrace,
  kAdmit,
  kAuthn,
  kQuota,
  kAuthz,
  kValidate,
  kCache,
  kAudit,
  kHandle,
};

std::string_view name_of(Phase phase);  // "edge" "trace" …
std::optional<Phase> phase_of(std::string_view name);

}  // namespace gantry::pipeline
