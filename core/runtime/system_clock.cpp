#include "core/runtime/system_clock.hpp"

#include <chrono>

#include "core/runtime/clock_skew.hpp"

namespace gantry::runtime {

Instant SystemClock::now() const {
  using namespace std::chrono;
  const auto now = duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
#ifdef GANTRY_FAIL_POINTS
  return Instant(now + clock_skew_us());
#else
  return Instant(now);
#endif
}

int64_t SystemClock::monotonic_ns() const {
  using namespace std::chrono;
  return duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace gantry::runtime
