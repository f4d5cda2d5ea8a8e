#include "core/consume/progress.hpp"

#include <algorithm>
#include <utility>

namespace gantry::consume {

log::Position Progress::position() const {
  const std::lock_guard lock(mutex_);
  return position_;
}

void Progress::reach(log::Position position) {
  std::map<Key, Waiter> reached;
  {
    const std::lock_guard lock(mutex_);
    if (position <= position_) return;
    position_ = position;
    moved_.notify_all();
    while (!waiters_.empty() && waiters_.begin()->first.first <= position) {
      reached.insert(waiters_.extract(waiters_.begin()));
    }
  }
  settle(std::move(reached), true);
}

void Progress::begin_at(log::Position position) {
  {
    const std::lock_guard lock(mutex_);
    position_ = std::min(position_, position);
  }
  reach(position);
}

bool Progress::wait_for(log::Position position, std::chrono::milliseconds within) {
  std::unique_lock lock(mutex_);
  if (position_ >= position || closed_) return position_ >= position;
  ++blocked_;
  somebody_waits();
  moved_.wait_for(lock, within, [&] { return closed_ || position_ >= position; });
  --blocked_;
  return position_ >= position;
}

void Progress::when(log::Position position, std::chrono::milliseconds within,
                    std::function<void(bool)> callback) {
  const std::lock_guard lock(mutex_);
  const bool reached = position_ >= position;
  if (reached || closed_ || waiters_.size() >= waiters_max_) {
    timers_.after(std::chrono::milliseconds(0),
                  [call = std::move(callback), reached] { call(reached); });
    return;
  }
  const Key key{position, ++last_id_};
  const uint64_t timer = timers_.after(within, [weak = weak_from_this(), key] {
    if (const auto self = weak.lock()) self->expire(key);
  });
  waiters_.emplace(key, Waiter{std::move(callback), timer});
  somebody_waits();
}

bool Progress::awaited() const {
  const std::lock_guard lock(mutex_);
  return blocked_ > 0 || !waiters_.empty();
}

void Progress::somebody_waits() {
  if (on_wait_) on_wait_();
}

void Progress::close() {
  std::map<Key, Waiter> left;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    moved_.notify_all();
    left.swap(waiters_);
  }
  settle(std::move(left), false);
}

void Progress::expire(const Key& key) {
  std::map<Key, Waiter> late;
  {
    const std::lock_guard lock(mutex_);
    if (auto node = waiters_.extract(key)) late.insert(std::move(node));
  }
  settle(std::move(late), false);
}

// Whoever took a waiter out of waiters_ settles it: so each is called once.
void Progress::settle(std::map<Key, Waiter> waiters, bool reached) {
  for (auto& [key, waiter] : waiters) {
    timers_.cancel(waiter.timer);
    waiter.callback(reached);
  }
}

}  // namespace gantry::consume
