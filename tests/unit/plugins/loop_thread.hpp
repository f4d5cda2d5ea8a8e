// LoopThread: an event loop without sockets, and workers that a test holds back.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <latch>
#include <mutex>
#include <thread>
#include <utility>

#include "core/plugins/askers.hpp"
#include "core/runtime/loop.hpp"
#include "core/runtime/thread_tag.hpp"

namespace gantry::plugins {

class LoopThread final : public runtime::Loop {
 public:
  ~LoopThread() override {
    post([this] { over_ = true; });
    thread_.join();
  }
  void post(std::function<void()> task) override {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    filled_.notify_one();
  }
  unsigned index() const override { return 0; }
  uint64_t after(uint32_t, std::function<void()>) override { return 1; }  // time stands still
  void cancel(uint64_t) override {}
  void watch(int, uint32_t, std::function<void(uint32_t)>) override {}
  void unwatch(int) override {}

  // Runs `task` on the loop and waits for it.
  void run(const std::function<void()>& task) {
    std::latch done(1);
    post([&] {
      task();
      done.count_down();
    });
    done.wait();
  }

 private:
  void turn() {
    const runtime::ThreadTag tag(runtime::ThreadKind::kIo);
    const runtime::LoopScope scope(*this);
    while (!over_) {
      std::unique_lock lock(mutex_);
      filled_.wait(lock, [&] { return !tasks_.empty(); });
      const auto task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      task();
    }
  }

  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<std::function<void()>> tasks_;  // guarded by mutex_
  bool over_ = false;                        // the thread's
  std::thread thread_{[this] { turn(); }};
};

// Askers on one loop over a database; what they give to workers runs when the test lets it.
class HeldAskers {
 public:
  HeldAskers(const base::Clock& clock, sql::Database& database)
      : askers(loops_, clock, [this](std::function<void()> task, const std::function<void()>&) {
          const std::lock_guard lock(mutex_);
          if (held_.size() >= queue_max) return false;
          held_.push_back(std::move(task));
          return true;
        }) {
    askers.add("projections", database);
  }
  // Does the work, here, and waits until the loop has told of it.
  void release() {
    std::deque<std::function<void()>> tasks;
    {
      const std::lock_guard lock(mutex_);
      tasks.swap(held_);
    }
    for (const auto& task : tasks) task();
    loop.run([] {});
  }

  LoopThread loop;
  size_t queue_max = 100;

 private:
  runtime::Loop* const loops_[1] = {&loop};
  std::mutex mutex_;
  std::deque<std::function<void()>> held_;  // guarded by mutex_

 public:
  Askers askers;
};

}  // namespace gantry::plugins
