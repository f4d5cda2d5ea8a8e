#include "core/consume/consumers.hpp"

#include <algorithm>
#include <limits>

#include "core/consume/process_runner.hpp"
#include "core/consume/projection_runner.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::consume {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kWatch(100);  // how long the watch on the head may take to notice the end

// Jobs are bounded by the consumers themselves: one pump and `lanes` lanes each.
runtime::WorkersOptions pool_options(const Limits& limits) {
  return {.name = "bus",
          .kind = runtime::ThreadKind::kBus,
          .threads = std::max<uint32_t>(1, limits.threads),
          .queue_max = std::numeric_limits<uint32_t>::max(),
          .queue_wait_ms_max = 0};
}

milliseconds left_until(std::chrono::steady_clock::time_point deadline) {
  const auto left = deadline - std::chrono::steady_clock::now();
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(left));
}

}  // namespace

Consumers::Consumers(log::Log& log, EventSource& source,
                     std::function<sql::Database&(std::string_view)> database, const Limits& limits,
                     const base::Clock& clock, observe::Logger& logger, observe::Metrics& metrics,
                     const std::string& instance)
    : metrics_(metrics),
      timers_("bus-timers", logger),
      pool_(pool_options(limits), logger),
      ports_{log,
             source,
             std::move(database),
             limits,
             clock,
             logger,
             timers_,
             pool_,
             instance,
             [this] { keeper_.look_sooner(); }},
      watch_({.name = "bus-head", .kind = runtime::ThreadKind::kBus}, [this] { watch_head(); }),
      keeper_([this] { return all(); }, limits, logger) {}

Consumers::~Consumers() {
  Runners all;
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    ended_.notify_all();
    all = runners_;
  }
  for (const auto& runner : all) runner->ask_stop();
  for (const auto& runner : all) {
    while (!runner->wait_stopped(milliseconds(10000))) {
      ports_.logger.warn("consumer.stuck", "the end waits for a consumer's code to return",
                         {{"consumer", runner->name()}, {"plugin", runner->owner()}});
    }
    runner->progress().close();
    runner->release();
  }
  watch_.join();
  keeper_.end();
}

template <class MakeRunner>
void Consumers::add_runner(const std::string& name, MakeRunner make) {
  const std::lock_guard lock(mutex_);
  const auto at = std::find_if(runners_.begin(), runners_.end(),
                               [&](const auto& other) { return other->name() >= name; });
  if (at != runners_.end() && (*at)->name() == name) {
    throw Error(Code::kConflict,
                join("there already is a consumer ", name, ", of ", (*at)->owner()));
  }
  (*runners_.insert(at, make()))->head_moved(ports_.source.head());
}

void Consumers::add(const std::string& owner, Projection projection) {
  const std::string name = projection.name;
  add_runner(name, [&] {
    return std::make_shared<ProjectionRunner>(ports_, metrics_, owner, std::move(projection));
  });
}

void Consumers::add(const std::string& owner, Process process) {
  const std::string name = process.name;
  add_runner(name, [&] {
    return std::make_shared<ProcessRunner>(ports_, metrics_, owner, std::move(process));
  });
}

void Consumers::start(const std::string& owner) {
  for (const auto& runner : of(owner)) {
    const State state = runner->status().state;
    if (state == State::kRunning || state == State::kRetrying || state == State::kStandby) continue;
    runner->start();
    ports_.logger.info("consumer.started", "a consumer is ready to read the log",
                       {{"consumer", runner->name()}, {"plugin", owner}});
  }
}

std::vector<std::string> Consumers::stop(const std::string& owner, milliseconds within) {
  const auto deadline = std::chrono::steady_clock::now() + within;
  const Runners runners = of(owner);
  for (const auto& runner : runners) runner->ask_stop();
  std::vector<std::string> stuck;
  for (const auto& runner : runners) {
    if (runner->wait_stopped(left_until(deadline))) continue;
    stuck.push_back(runner->name());
    ports_.logger.warn("consumer.stuck", "a consumer did not stop in time",
                       {{"consumer", runner->name()}, {"plugin", owner}});
  }
  return stuck;
}

void Consumers::remove(const std::string& owner) {
  const Runners runners = of(owner);
  for (const auto& runner : runners) {
    const State state = runner->status().state;
    const bool stopped = state == State::kStopped || state == State::kHalted;
    if (!stopped || !runner->wait_stopped(milliseconds(0))) {
      throw Error(Code::kConflict, join(runner->name(), " of ", owner, " is not stopped"));
    }
  }
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(runners_, [&](const auto& runner) { return runner->owner() == owner; });
  }
  for (const auto& runner : runners) {
    runner->progress().close();
    runner->release();
  }
}

log::Position Consumers::position(const std::string& name) const {
  return progress_of(name)->position();
}

bool Consumers::wait_for(const std::string& name, log::Position position, milliseconds within) {
  return progress_of(name)->wait_for(position, within);
}

void Consumers::when(const std::string& name, log::Position position, uint32_t timeout_ms,
                     std::function<void(bool)> callback) {
  progress_of(name)->when(position, milliseconds(timeout_ms), std::move(callback));
}

std::vector<ConsumerStatus> Consumers::list() const {
  std::vector<ConsumerStatus> statuses;
  for (const auto& runner : all()) statuses.push_back(runner->status());
  return statuses;
}

Consumers::Runners Consumers::all() const {
  const std::lock_guard lock(mutex_);
  return runners_;
}

Consumers::Runners Consumers::of(const std::string& owner) const {
  const std::lock_guard lock(mutex_);
  Runners mine;
  for (const auto& runner : runners_) {
    if (runner->owner() == owner) mine.push_back(runner);
  }
  return mine;
}

std::shared_ptr<Progress> Consumers::progress_of(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  for (const auto& runner : runners_) {
    if (runner->name() == name) return runner->shared_progress();
  }
  throw Error(Code::kNotFound, join("there is no consumer ", name));
}

// Wakes the runners when the log grows: one thread waits for all of them.
void Consumers::watch_head() {
  log::Position seen = 0;
  while (true) {
    const auto until = std::chrono::steady_clock::now() + kWatch;
    bool news = false;
    try {
      news = ports_.source.wait(seen, kWatch);
    } catch (...) {
      ports_.logger.warn("consumer.watch_failed", "the tail of the log cannot be watched",
                         {{"error", current_failure().reason}});
    }
    Runners all;
    {
      std::unique_lock lock(mutex_);
      // A source that has stopped does not wait; then this does.
      if (!news) ended_.wait_until(lock, until, [&] { return ending_; });
      if (ending_) return;
      if (!news) continue;
      seen = ports_.source.head();
      all = runners_;
    }
    for (const auto& runner : all) {
      runner->show_lag(seen);
      runner->head_moved(seen);
    }
  }
}

}  // namespace gantry::consume
