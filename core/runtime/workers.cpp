#include "core/runtime/workers.hpp"

#include <utility>

#include "gantry/text.hpp"

namespace gantry::runtime {

Workers::Workers(const WorkersOptions& options, observe::Logger& logger)
    : options_(options), logger_(logger) {
  const auto thread = [&](const std::string& name, void (Workers::*body)()) {
    threads_.emplace_back(ThreadOptions{name, options_.kind, options_.stack_bytes},
                          [this, body] { (this->*body)(); });
  };
  try {
    for (uint32_t i = 0; i < options_.threads; ++i) {
      thread(join(options_.name, "-", i), &Workers::work);
    }
    if (options_.queue_wait_ms_max > 0) thread(join(options_.name, "-watch"), &Workers::watch);
  } catch (...) {
    end();
    throw;
  }
}

Workers::~Workers() {
  stop(std::chrono::milliseconds(0));
  end();
}

void Workers::end() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    filled_.notify_all();
    watch_.notify_all();
  }
  for (Thread& thread : threads_) thread.join();
}

bool Workers::submit(std::function<void()> task, std::function<void()> on_expired) {
  const std::lock_guard lock(mutex_);
  const Time expires =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(options_.queue_wait_ms_max);
  if (stopping_ || queue_.size() >= options_.queue_max) {
    ++counts_.rejected;
    return false;
  }
  queue_.push_back({std::move(task), std::move(on_expired), expires});
  if (idle_ > 0) filled_.notify_one();
  if (!watching_) watch_.notify_one();
  return true;
}

bool Workers::stop(std::chrono::milliseconds within) {
  std::deque<Task> left;
  std::unique_lock lock(mutex_);
  stopping_ = true;
  const auto finished = [&] { return queue_.empty() && counts_.running == 0; };
  const bool in_time = finished_.wait_for(lock, within, finished);
  left.swap(queue_);
  counts_.expired += left.size();
  lock.unlock();
  expire(std::move(left));
  return in_time;
}

WorkerCounts Workers::counts() const {
  const std::lock_guard lock(mutex_);
  WorkerCounts counts = counts_;
  counts.queued = queue_.size();
  return counts;
}

void Workers::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_;
    filled_.wait(lock, [&] { return ended_ || !queue_.empty(); });
    --idle_;
    if (queue_.empty()) return;
    Task task = std::move(queue_.front());
    queue_.pop_front();
    const bool expired =
        options_.queue_wait_ms_max > 0 && task.expires <= std::chrono::steady_clock::now();
    ++counts_.running;
    lock.unlock();
    if (expired) {
      call(task.on_expired, "on_expired");
    } else {
      call(task.run, "task");
    }
    task = {};  // what the task owns goes before it counts as finished
    lock.lock();
    --counts_.running;
    ++(expired ? counts_.expired : counts_.done);
    if (stopping_) finished_.notify_all();
  }
}

// Answers tasks whose time is over while all threads are busy.
void Workers::watch() {
  std::unique_lock lock(mutex_);
  while (!ended_) {
    if (queue_.empty()) {
      watching_ = false;
      watch_.wait(lock, [&] { return ended_ || !queue_.empty(); });
      continue;
    }
    watching_ = true;
    const Time due = queue_.front().expires;
    watch_.wait_until(lock, due, [&] { return ended_; });
    std::deque<Task> late;
    const Time now = std::chrono::steady_clock::now();
    while (!queue_.empty() && queue_.front().expires <= now) {
      late.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
    if (late.empty()) continue;
    ++counts_.running;  // so that stop() waits for the answers
    counts_.expired += late.size();
    lock.unlock();
    expire(std::move(late));
    lock.lock();
    --counts_.running;
    if (stopping_) finished_.notify_all();
  }
}

void Workers::expire(std::deque<Task> tasks) {
  for (Task& task : tasks) call(task.on_expired, "on_expired");
}

void Workers::call(const std::function<void()>& function, std::string_view what) {
  if (!function) return;
  std::string why;
  try {
    function();
    return;
  } catch (const std::exception& e) {
    why = e.what();
  } catch (...) {
    why = "not a std::exception";
  }
  {
    const std::lock_guard lock(mutex_);
    ++counts_.failed;
  }
  logger_.error("worker.task_failed", "a task of the pool threw",
                {{"pool", options_.name}, {"call", what}, {"error", why}});
}

}  // namespace gantry::runtime
