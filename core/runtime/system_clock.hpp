// SystemClock: the machine's clocks.
#pragma once
#include "core/base/clock.hpp"

namespace gantry::runtime {

class SystemClock final : public base::Clock {
 public:
  Instant now() const override;
  int64_t monotonic_ns() const override;
};

}  // namespace gantry::runtime
