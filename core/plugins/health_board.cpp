#include "core/plugins/health_board.hpp"

#include <algorithm>
#include <condition_variable>
#include <iterator>
#include <mutex>

#include "gantry/text.hpp"

namespace gantry::plugins {
using std::chrono::milliseconds;

struct HealthBoard::State {
  std::mutex mutex;
  std::condition_variable changed;
};

struct HealthBoard::Probe {
  std::string owner;
  HealthCheck check;
  // Guarded by the state's mutex, like all that follow.
  bool stopping = false;
  bool finished = false;         // its thread will not call the check again
  int64_t running_since_ns = 0;  // 0: not running
  bool answered = false;
  gantry_rc rc = GANTRY_OK;
  std::string detail;
  milliseconds duration{0};
};

HealthBoard::HealthBoard(milliseconds interval, const base::Clock& clock, observe::Logger& logger)
    : interval_(interval),
      clock_(clock),
      logger_(logger),
      started_ns_(clock.monotonic_ns()),
      state_(std::make_shared<State>()) {}

HealthBoard::~HealthBoard() {
  std::unique_lock lock(state_->mutex);
  for (Running& one : probes_) one.probe->stopping = true;
  state_->changed.notify_all();
  state_->changed.wait_for(lock, std::chrono::seconds(2), [&] {
    return std::all_of(probes_.begin(), probes_.end(),
                       [](auto& one) { return one.probe->finished; });
  });
  for (Running& one : probes_) {
    if (one.probe->finished) continue;
    logger_.error("health.check_hangs", "a health check does not come back; ending without it",
                  {{"check", one.probe->check.name}});
    // It cannot be joined; what it uses has an owner in the thread itself.
    std::make_unique<runtime::Thread>(std::move(one.thread)).release();
  }
  lock.unlock();
  probes_.clear();  // joins
}

void HealthBoard::add(const std::string& owner, std::vector<HealthCheck> checks) {
  const std::lock_guard lock(state_->mutex);
  for (HealthCheck& check : checks) {
    auto probe = std::make_shared<Probe>();
    probe->owner = owner;
    probe->check = std::move(check);
    auto body = [state = state_, probe, &clock = clock_, interval = interval_] {
      run(state, *probe, clock, interval);
    };
    probes_.push_back({probe, runtime::Thread({"health", runtime::ThreadKind::kWorker}, body)});
  }
}

void HealthBoard::run(const StatePtr& state, Probe& probe, const base::Clock& clock,
                      milliseconds interval) {
  std::unique_lock lock(state->mutex);
  while (!probe.stopping) {
    const int64_t began = clock.monotonic_ns();
    probe.running_since_ns = std::max<int64_t>(began, 1);
    lock.unlock();
    std::string detail;
    const gantry_rc rc = probe.check.check(detail);
    lock.lock();
    if (probe.stopping) break;  // the clock may be gone
    probe.running_since_ns = 0;
    probe.answered = true;
    probe.duration = milliseconds((clock.monotonic_ns() - began) / 1'000'000);
    const bool late = probe.duration > probe.check.timeout;
    probe.rc = late ? GANTRY_DEADLINE : rc;
    probe.detail = late ? "timeout" : std::move(detail);
    state->changed.wait_for(lock, interval, [&] { return probe.stopping; });
  }
  probe.finished = true;
  state->changed.notify_all();
}

bool HealthBoard::remove(const std::string& owner, std::chrono::steady_clock::time_point deadline) {
  std::vector<Running> gone;  // joined after the lock is given up
  std::unique_lock lock(state_->mutex);
  for (Running& one : probes_) {
    if (one.probe->owner == owner) one.probe->stopping = true;
  }
  state_->changed.notify_all();
  const auto is_left = [&](const Running& one) {
    return one.probe->owner == owner && !one.probe->finished;
  };
  const bool all = state_->changed.wait_until(
      lock, deadline, [&] { return std::none_of(probes_.begin(), probes_.end(), is_left); });
  const auto first_gone = std::stable_partition(
      probes_.begin(), probes_.end(),
      [&](const Running& one) { return one.probe->owner != owner || !one.probe->finished; });
  std::move(first_gone, probes_.end(), std::back_inserter(gone));
  probes_.erase(first_gone, probes_.end());
  lock.unlock();
  return all;
}

HealthResult HealthBoard::result_of(const Probe& probe) const {
  HealthResult result{probe.check.name, probe.check.critical, false, {}, probe.duration};
  if (probe.running_since_ns != 0) {
    const milliseconds running((clock_.monotonic_ns() - probe.running_since_ns) / 1'000'000);
    if (running > probe.check.timeout) {
      result.detail = "timeout";
      result.duration = running;
      return result;
    }
  }
  if (!probe.answered) {
    result.detail = "pending";
    return result;
  }
  result.healthy = probe.rc == GANTRY_OK;
  if (!result.healthy) result.detail = probe.detail.empty() ? "failed" : probe.detail;
  return result;
}

std::vector<HealthResult> HealthBoard::results() const {
  std::vector<HealthResult> results;
  {
    const std::lock_guard lock(state_->mutex);
    for (const Running& one : probes_) {
      if (!one.probe->stopping) results.push_back(result_of(*one.probe));
    }
  }
  std::sort(results.begin(), results.end(), [](auto& a, auto& b) { return a.name < b.name; });
  return results;
}

void HealthBoard::block(const std::string& name, std::string reason) {
  const std::lock_guard lock(state_->mutex);
  if (reason.empty()) {
    blocks_.erase(name);
  } else {
    blocks_[name] = std::move(reason);
  }
}

std::string HealthBoard::not_ready() const {
  {
    const std::lock_guard lock(state_->mutex);
    if (!blocks_.empty()) return blocks_.begin()->second;
  }
  for (const HealthResult& result : results()) {
    if (result.critical && !result.healthy) return join(result.name, ": ", result.detail);
  }
  return {};
}

void HealthBoard::set_liveness(std::function<bool()> live) {
  const std::lock_guard lock(state_->mutex);
  live_ = std::move(live);
}

bool HealthBoard::live() const {
  std::function<bool()> live;
  {
    const std::lock_guard lock(state_->mutex);
    live = live_;
  }
  return !live || live();
}

uint64_t HealthBoard::uptime_ms() const {
  return static_cast<uint64_t>((clock_.monotonic_ns() - started_ns_) / 1'000'000);
}

}  // namespace gantry::plugins
