// Progress: the position a consumer has reached, and those who wait for it (reads that carry
// Gantry-Min-Position).
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "core/log/log.hpp"
#include "core/runtime/timers.hpp"

namespace gantry::consume {

// Owned by the consumer's runner; shared with callers that look one up while its owner is removed.
class Progress : public std::enable_shared_from_this<Progress> {
 public:
  // `on_wait` is called when somebody begins to wait, from any thread, under a lock and not after
  // close(): it must be quick and call nothing here.
  Progress(runtime::Timers& timers, uint32_t waiters_max, std::function<void()> on_wait = {})
      : timers_(timers), waiters_max_(waiters_max), on_wait_(std::move(on_wait)) {}

  log::Position position() const;

  // Everything up to `position` is done; calls those who waited for it. Smaller ones are ignored.
  void reach(log::Position position);

  // Where the consumer begins; may be smaller than before.
  void begin_at(log::Position position);

  // Blocks until `position` is reached; false when it is not `within` that time or the consumer
  // goes.
  bool wait_for(log::Position position, std::chrono::milliseconds within);

  // Calls back exactly once, from a consumer's or the timers' thread, never from this call: true
  // when the position is reached, false when it is not `within` that time, when the consumer goes,
  // or at once when waiters_max wait already. `callback` must be quick and must not throw.
  void when(log::Position position, std::chrono::milliseconds within,
            std::function<void(bool reached)> callback);

  // Somebody waits.
  bool awaited() const;

  // The consumer goes: everybody who waits, or comes later, is told false.
  void close();

 private:
  using Key = std::pair<log::Position, uint64_t>;
  struct Waiter {
    std::function<void(bool)> callback;
    uint64_t timer;
  };
  void somebody_waits();  // with the lock held
  void expire(const Key& key);
  void settle(std::map<Key, Waiter> waiters, bool reached);

  runtime::Timers& timers_;
  const uint32_t waiters_max_;
  const std::function<void()> on_wait_;
  mutable std::mutex mutex_;  // guards the rest
  std::condition_variable moved_;
  log::Position position_ = 0;
  bool closed_ = false;
  uint32_t blocked_ = 0;  // callers inside wait_for
  uint64_t last_id_ = 0;
  std::map<Key, Waiter> waiters_;
};

}  // namespace gantry::consume
