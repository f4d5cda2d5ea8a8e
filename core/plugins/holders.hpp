// Holders: how many calls are still inside a plugin, or will come back to it. Its owner waits here
// before it stops the plugin.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace gantry::plugins {

// All members [any].
class Holders {
 public:
  void enter() {
    const std::lock_guard lock(mutex_);
    ++count_;
  }
  void leave() {
    const std::lock_guard lock(mutex_);
    if (--count_ == 0) none_.notify_all();
  }
  uint64_t count() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }
  // False when somebody is still there at the deadline.
  bool wait_none(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    return none_.wait_until(lock, deadline, [&] { return count_ == 0; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable none_;
  uint64_t count_ = 0;
};

}  // namespace gantry::plugins
