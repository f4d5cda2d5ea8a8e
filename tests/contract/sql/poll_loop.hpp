// PollLoop: a runtime::Loop that the test turns itself, and workers for it.
#pragma once
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "core/base/clock.hpp"
#include "core/runtime/loop.hpp"
#include "core/runtime/system_clock.hpp"

namespace gantry::sql::test {

class PollLoop final : public runtime::Loop {
 public:
  PollLoop() : wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
  ~PollLoop() override { ::close(wake_); }

  void post(std::function<void()> task) override {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    ::eventfd_write(wake_, 1);
  }
  unsigned index() const override { return 0; }
  uint64_t after(uint32_t delay_ms, std::function<void()> task) override {
    timers_[++timer_] = {clock.monotonic_ns() + int64_t{delay_ms} * 1'000'000, std::move(task)};
    return timer_;
  }
  void cancel(uint64_t timer) override { timers_.erase(timer); }
  void watch(int fd, uint32_t events, std::function<void(uint32_t)> ready) override {
    watched_[fd] = {events, std::move(ready)};
  }
  void unwatch(int fd) override { watched_.erase(fd); }

  // Turns until that is the case. False: it took longer than a test should.
  bool turn_until(const std::function<bool()>& is_so) {
    const int64_t end = clock.monotonic_ns() + 30'000'000'000;
    while (!is_so()) {
      if (clock.monotonic_ns() > end) return false;
      turn();
    }
    return true;
  }
  size_t watches() const { return watched_.size(); }
  size_t timers() const { return timers_.size(); }

  runtime::SystemClock clock;

 private:
  void turn() {
    std::vector<pollfd> fds = {{wake_, POLLIN, 0}};
    for (const auto& [fd, watch] : watched_) {
      const bool writes = (watch.first & runtime::kWritable) != 0;
      fds.push_back({fd, static_cast<short>(POLLIN | (writes ? POLLOUT : 0)), 0});
    }
    ::poll(fds.data(), fds.size(), 5);
    eventfd_t count = 0;
    ::eventfd_read(wake_, &count);
    for (size_t i = 1; i < fds.size(); ++i) {
      const auto found = watched_.find(fds[i].fd);
      if (fds[i].revents == 0 || found == watched_.end()) continue;
      const auto ready = found->second.second;
      ready(((fds[i].revents & ~POLLOUT) != 0 ? runtime::kReadable : 0) |
            ((fds[i].revents & POLLOUT) != 0 ? runtime::kWritable : 0));
    }
    std::vector<std::function<void()>> tasks;
    {
      const std::lock_guard lock(mutex_);
      tasks.swap(tasks_);
    }
    for (auto& task : tasks) task();
    ring();
  }
  void ring() {
    for (auto next = timers_.begin(); next != timers_.end();) {
      if (next->second.first > clock.monotonic_ns()) {
        ++next;
        continue;
      }
      const auto task = std::move(next->second.second);
      timers_.erase(next);
      task();
      next = timers_.begin();
    }
  }

  int wake_;
  std::mutex mutex_;
  std::vector<std::function<void()>> tasks_;  // guarded by mutex_
  std::map<uint64_t, std::pair<int64_t, std::function<void()>>> timers_;
  uint64_t timer_ = 0;
  std::map<int, std::pair<uint32_t, std::function<void(uint32_t)>>> watched_;
};

// A thread for each task.
class Threads {
 public:
  ~Threads() { join(); }
  bool submit(std::function<void()> task, const std::function<void()>& on_expired) {
    if (full) return false;
    threads_.emplace_back(expired ? on_expired : std::move(task));
    return true;
  }
  void join() {
    for (auto& thread : std::exchange(threads_, {})) thread.join();
  }
  bool full = false;     // take nothing
  bool expired = false;  // run nothing

 private:
  std::vector<std::thread> threads_;
};

}  // namespace gantry::sql::test
