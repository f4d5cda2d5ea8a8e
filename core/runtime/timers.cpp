#include "core/runtime/timers.hpp"

#include <utility>

namespace gantry::runtime {

Timers::Timers(const std::string& name, observe::Logger& logger) : logger_(logger) {
  thread_ = Thread({.name = name, .kind = ThreadKind::kBus}, [this] { run(); });
}

Timers::~Timers() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_one();
  }
  thread_.join();
}

uint64_t Timers::after(std::chrono::milliseconds delay, std::function<void()> function) {
  const auto due = std::chrono::steady_clock::now() + delay;
  const std::lock_guard lock(mutex_);
  const Key key{due, ++last_};
  const auto it = pending_.emplace(key, std::move(function)).first;
  keys_.emplace(key.second, key);
  if (it == pending_.begin()) changed_.notify_one();
  return key.second;
}

bool Timers::cancel(uint64_t timer) {
  std::function<void()> dropped;  // destroyed without the lock: it may own anything
  const std::lock_guard lock(mutex_);
  const auto it = keys_.find(timer);
  if (it == keys_.end()) return false;
  auto node = pending_.extract(it->second);
  dropped = std::move(node.mapped());
  keys_.erase(it);
  return true;
}

void Timers::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    if (!pending_.empty() && pending_.begin()->first.first <= std::chrono::steady_clock::now()) {
      auto node = pending_.extract(pending_.begin());
      keys_.erase(node.key().second);
      lock.unlock();
      call(node.mapped());
      node = {};
      lock.lock();
    } else if (stopping_) {
      return;
    } else if (pending_.empty()) {
      changed_.wait(lock);
    } else {
      const auto due = pending_.begin()->first.first;
      changed_.wait_until(lock, due);
    }
  }
}

void Timers::call(const std::function<void()>& function) {
  std::string why;
  try {
    function();
    return;
  } catch (const std::exception& e) {
    why = e.what();
  } catch (...) {
    why = "not a std::exception";
  }
  logger_.error("timer.task_failed", "what a timer called threw", {{"error", why}});
}

}  // namespace gantry::runtime
