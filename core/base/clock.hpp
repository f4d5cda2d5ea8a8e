// Clock: the port for time. core/runtime has the only real one; tests drive their own.
#pragma once
#include <cstdint>

#include "gantry/instant.hpp"

namespace gantry::base {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;           // wall clock, UTC; may jump
  virtual int64_t monotonic_ns() const = 0;  // never goes back; for durations and deadlines
};

}  // namespace gantry::base
