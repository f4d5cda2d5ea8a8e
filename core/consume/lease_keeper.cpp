#include "core/consume/lease_keeper.hpp"

#include <algorithm>

namespace gantry::consume {
namespace {

// Often enough that a lease due for renewal (a third of it is over) is soon renewed.
std::chrono::milliseconds tick(const Limits& limits) {
  return std::chrono::milliseconds(
      std::max(1U, std::min(limits.standby_poll_ms, limits.lease_ms / 6)));
}

}  // namespace

LeaseKeeper::LeaseKeeper(std::function<Runners()> runners, const Limits& limits,
                         observe::Logger& logger)
    : runners_(std::move(runners)),
      tick_(tick(limits)),
      logger_(logger),
      thread_({.name = "bus-leases", .kind = runtime::ThreadKind::kBus}, [this] { run(); }) {}

void LeaseKeeper::look_sooner() {
  const std::lock_guard lock(mutex_);
  sooner_ = true;
  changed_.notify_one();
}

void LeaseKeeper::end() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    changed_.notify_one();
  }
  thread_.join();
}

void LeaseKeeper::run() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    sooner_ = false;
    lock.unlock();
    const Runner::Time next = round();
    lock.lock();
    changed_.wait_until(lock, next, [&] { return ending_ || sooner_; });
  }
}

// A database that fails may take its time to say so: the rest of its consumers wait for the next
// round, so that the leases in other databases do not run out meanwhile.
Runner::Time LeaseKeeper::round() {
  const Runner::Time now = std::chrono::steady_clock::now();
  Runner::Time next = now + tick_;
  std::set<std::string> away;
  for (const auto& runner : runners_()) {
    if (away.contains(runner->database_name())) continue;
    try {
      next = std::min(next, runner->tend_lease(now));
    } catch (...) {
      away.insert(runner->database_name());
      if (away_.contains(runner->database_name())) continue;
      logger_.warn("consumer.leases_unreachable", "leases can be neither renewed nor looked at",
                   {{"database", runner->database_name()}, {"error", current_failure().reason}});
    }
  }
  away_.swap(away);
  return next;
}

}  // namespace gantry::consume
