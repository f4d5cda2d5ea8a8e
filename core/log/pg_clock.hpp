// log::PgClock: the database's time, carried on by a monotonic clock between two readings: a jump
// of this host's wall clock moves nothing.
#pragma once
#include <atomic>

#include "core/base/clock.hpp"

namespace gantry::log {

class PgClock {
 public:
  // `instead`: that clock is the log's; null: the database's is.
  PgClock(const base::Clock& clock, const base::Clock* instead)
      : clock_(clock), instead_(instead) {}

  // The database said this just now. [any]
  void reading(Instant database) {
    offset_us_.store(database.us() - clock_.monotonic_ns() / 1000, std::memory_order_relaxed);
  }
  Instant now() const {
    if (instead_) return instead_->now();
    return Instant(offset_us_.load(std::memory_order_relaxed) + clock_.monotonic_ns() / 1000);
  }
  const base::Clock* instead() const { return instead_; }

 private:
  const base::Clock& clock_;
  const base::Clock* const instead_;
  std::atomic<int64_t> offset_us_{0};
};

}  // namespace gantry::log
