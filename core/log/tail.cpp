#include "core/log/tail.hpp"

#include <algorithm>

#include "gantry/text.hpp"

namespace gantry::log {
namespace {
constexpr std::chrono::milliseconds kRetryAfter(1000);

uint64_t bytes_of(const Event& event) {
  return sizeof event + event.stream.size() + event.type.size() + event.data.size() +
         event.meta.size();
}
}  // namespace

Tail::Tail(Log& log, const Limits& limits) : log_(log), limits_(limits) {}

void Tail::start() {
  log_.on_commit([this](Position head) {
    const std::lock_guard lock(mutex_);
    target_ = std::max(target_, head);
    committed_.notify_one();
  });
  {
    // What is older is read from the log by whoever needs it.
    const std::lock_guard lock(mutex_);
    end_ = target_ = std::max(target_, log_.head());
  }
  thread_ = std::thread([this] { loop(); });
}

void Tail::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    committed_.notify_all();
    grown_.notify_all();
  }
  if (!thread_.joinable()) return;
  thread_.join();
  log_.on_commit(nullptr);
}

std::vector<EventPtr> Tail::after(Position after, uint32_t max) {
  {
    const std::lock_guard lock(mutex_);
    if (after >= end_) return {};
    const Position before_ring = end_ - static_cast<Position>(ring_.size());
    if (after >= before_ring) {
      const auto first = ring_.begin() + static_cast<ptrdiff_t>(after - before_ring);
      const auto count = std::min<ptrdiff_t>(max, ring_.end() - first);
      return {first, first + count};
    }
  }
  return log_.read(after, max);
}

bool Tail::wait(Position after, std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  grown_.wait_until(lock, deadline, [&] { return stopping_ || end_ > after; });
  return end_ > after;
}

Position Tail::end() const {
  const std::lock_guard lock(mutex_);
  return end_;
}

std::optional<Error> Tail::fault() const {
  const std::lock_guard lock(mutex_);
  return fault_;
}

void Tail::loop() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      committed_.wait(lock, [this] { return stopping_ || target_ > end_; });
      if (stopping_) return;
    }
    if (feed()) continue;
    std::unique_lock lock(mutex_);
    committed_.wait_for(lock, kRetryAfter, [this] { return stopping_; });
  }
}

// Reads one page. False: the log could not be read. Nothing is ever skipped. The last event is read
// again: if the log was put back to an older state and has grown since, it is another one.
bool Tail::feed() {
  try {
    const EventPtr known = last();
    auto events = log_.read(end() - (known ? 1 : 0), limits_.read_page_events_max);
    if (known) {
      if (events.empty() || events.front()->id != known->id) {
        throw Error(Code::kInternal, join("log diverged at position ", known->position));
      }
      events.erase(events.begin());
    }
    push(std::move(events));
    return true;
  } catch (const Error& e) {
    const std::lock_guard lock(mutex_);
    fault_ = e;
    return false;
  }
}

// Null: not in the ring.
EventPtr Tail::last() const {
  const std::lock_guard lock(mutex_);
  return ring_.empty() ? nullptr : ring_.back();
}

void Tail::push(std::vector<EventPtr> events) {
  if (events.empty()) return;
  const Position end = events.back()->position;
  std::vector<EventPtr> dropped;  // freed after the lock
  {
    const std::lock_guard lock(mutex_);
    fault_.reset();
    for (auto& event : events) {
      ring_bytes_ += bytes_of(*event);
      ring_.push_back(std::move(event));
    }
    while (ring_.size() > limits_.tail_ring_events_max ||
           ring_bytes_ > limits_.tail_ring_bytes_max) {
      ring_bytes_ -= bytes_of(*ring_.front());
      dropped.push_back(std::move(ring_.front()));
      ring_.pop_front();
    }
    end_ = end;
    grown_.notify_all();
  }
  for (const auto& signal : advanced_) signal(end);
}

}  // namespace gantry::log
