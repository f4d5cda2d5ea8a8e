// Health as of the last results of all checks: what it amounts to, and how it reads. Pure.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gantry/instant.hpp"

namespace gantry::health {

struct Check {
  std::string name;
  std::string detail;  // one word such as "timeout"; empty when healthy
  bool healthy = false;
  bool critical = false;
  uint32_t duration_ms = 0;
};

enum class Status { healthy, degraded, unhealthy };
std::string_view name_of(Status status);

// A failed critical check: unhealthy; only others failed: degraded.
Status status_of(const std::vector<Check>& checks);

struct HealthReport {
  std::string_view version;
  uint64_t uptime_ms;
  Instant now;
  const std::vector<Check>& checks;
};
std::string to_json(const HealthReport& report);

struct Readiness {
  bool ready;
  std::string reason;  // empty when ready
  Instant now;
  const std::vector<Check>& checks;  // critical ones are listed
};
std::string to_json(const Readiness& readiness);

}  // namespace gantry::health
