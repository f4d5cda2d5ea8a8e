// When and how a failed event is tried again.
#pragma once
#include <chrono>
#include <cstdint>
#include <exception>
#include <string>

#include "core/consume/limits.hpp"

namespace gantry::consume {

struct Failure {
  std::string reason;  // one sentence
  bool infrastructure =
      false;  // the surroundings failed (Unavailable, Deadline, Exhausted), not the event
  bool unknown_type = false;  // nobody here knows the event's type; infrastructure, too
};
// Of the exception being handled; call it in a catch block only.
Failure current_failure();

// Pause before the next attempt, `attempt` from 1: doubling, bounded, and up to a quarter shorter
// so that many failing together do not return together. `seed` decides how much shorter.
std::chrono::milliseconds retry_delay(const Limits& limits, uint32_t attempt, uint64_t seed);

// Pause before a consumer that runs elsewhere is looked at again: standby_poll_ms, at most half a
// lease, and up to a quarter shorter so that instances do not come all at once.
std::chrono::milliseconds standby_pause(const Limits& limits, uint64_t seed);

}  // namespace gantry::consume
