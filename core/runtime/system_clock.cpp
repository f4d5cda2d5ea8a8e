#include "core/runtime/system_clock.hpp"

#include <chrono>

namespace gantry::runtime {

Instant SystemClock::now() const {
  using namespace std::chrono;
  return Instant(duration_cast<microseconds>(system_clock::now().time_since_epoch()).count());
}

int64_t SystemClock::monotonic_ns() const {
  using namespace std::chrono;
  return duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace gantry::runtime
