// log::Refusals: answers the units that never reach the writer, at once and from a thread of the
// log's own: a caller may hold locks that its callback takes too, and the writer may be busy for
// seconds with a slow disk.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "core/log/log.hpp"

namespace gantry::log {

class Refusals {
 public:
  Refusals() : thread_([this] { loop(); }) {}
  ~Refusals() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      arrived_.notify_one();
    }
    thread_.join();
  }
  Refusals(const Refusals&) = delete;
  Refusals& operator=(const Refusals&) = delete;

  // Holds one entry per caller that waits for its answer; the units themselves are not kept.
  void answer(std::function<void(const Outcome&)> done, Outcome outcome) {
    const std::lock_guard lock(mutex_);
    waiting_.emplace_back(std::move(done), std::move(outcome));
    arrived_.notify_one();
  }

 private:
  void loop() {
    std::unique_lock lock(mutex_);
    for (;;) {
      arrived_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      const auto [done, outcome] = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      done(outcome);
      lock.lock();
    }
  }

  std::mutex mutex_;  // guards what follows
  std::condition_variable arrived_;
  std::deque<std::pair<std::function<void(const Outcome&)>, Outcome>> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace gantry::log
