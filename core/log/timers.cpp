#include "core/log/timers.hpp"

#include <algorithm>
#include <limits>

#include "core/runtime/fail_point.hpp"
#include "core/runtime/mutation.hpp"

namespace gantry::log {
namespace {
constexpr Instant kNever(std::numeric_limits<int64_t>::max());
}  // namespace

void Timers::start() {
  thread_ = std::thread([this] { loop(); });
}

void Timers::notice(Instant due) {
  const std::lock_guard lock(mutex_);
  if (due >= next_) return;
  news_ = true;
  changed_.notify_all();
}

void Timers::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

std::optional<Error> Timers::fault() const {
  const std::lock_guard lock(mutex_);
  return fault_;
}

void Timers::loop() {
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      news_ = false;
      next_ = kNever;  // while we look, everything is news
    }
    std::optional<Instant> next;
    std::optional<Error> fault;
    bool fired = false;
    try {
      std::vector<DueTimer> pending = look();
      const Instant now = GANTRY_MUTATED("timer_early") ? kNever : engine_.now();
      const auto later = std::find_if(pending.begin(), pending.end(),
                                      [now](const DueTimer& timer) { return timer.due > now; });
      fired = later != pending.begin();
      if (fired) {
        pending.erase(later, pending.end());
        fire(std::move(pending));
      } else if (!pending.empty()) {
        next = pending.front().due;
      }
    } catch (const Error& error) {
      fault = error;  // tried again after wait_max
    }
    {
      const std::lock_guard lock(mutex_);
      fault_ = fault;
    }
    if (fault || !fired) wait(next, fault.has_value());
  }
}

std::vector<DueTimer> Timers::look() {
  return readers_.with(
      [this](Reader& reader) { return reader.pending_timers(options_.batch_max); });
}

// Hands them to the writer and waits until it is done with all.  throws when one was not written
void Timers::fire(std::vector<DueTimer> due) {
  GANTRY_FAIL_POINT("timer.before_claim");
  {
    const std::lock_guard lock(mutex_);
    firing_ = due.size();
    refused_.reset();
  }
  const auto done = [this](const Outcome& outcome) {
    const std::lock_guard lock(mutex_);
    if (outcome.code != Code::kOk) refused_.emplace(outcome.code, outcome.detail);
    if (--firing_ == 0) changed_.notify_all();
  };
  for (auto& timer : due) {
    QueuedUnit queued;
    queued.fires = std::move(timer);
    queued.done = done;
    if (const auto refused = writer_.put(queued)) done(*refused);
  }
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return firing_ == 0; });
  if (refused_) throw Error(*refused_);
  lock.unlock();
  GANTRY_FAIL_POINT("timer.after_commit");
}

void Timers::wait(std::optional<Instant> next, bool failed) {
  auto longest = std::chrono::microseconds(options_.wait_max);
  if (next && !failed)
    longest = std::clamp(*next - engine_.now(), std::chrono::microseconds(0), longest);
  std::unique_lock lock(mutex_);
  next_ = failed ? Instant(std::numeric_limits<int64_t>::min()) : next.value_or(kNever);
  changed_.wait_for(lock, longest, [this] { return stopping_ || news_; });
}

}  // namespace gantry::log
