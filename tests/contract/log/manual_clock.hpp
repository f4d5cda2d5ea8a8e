// A clock that stands still until the test moves it.
#pragma once
#include <atomic>

#include "core/base/clock.hpp"

namespace gantry::log::test {

class ManualClock final : public base::Clock {
 public:
  Instant now() const override { return Instant(us_.load()); }
  int64_t monotonic_ns() const override { return us_.load() * 1000; }
  void advance(std::chrono::microseconds by) { us_ += by.count(); }

 private:
  std::atomic<int64_t> us_{1'790'000'000'000'000};
};

}  // namespace gantry::log::test
