#include "core/consume/process_runner.hpp"

#include <algorithm>
#include <functional>

#include "core/consume/reading.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::consume {
namespace {

constexpr uint32_t kCheckpointVersion = 0;  // processes are not rebuilt, so they have no versions
constexpr uint32_t kPageEvents = 256;
constexpr int kEventsPerTurn = 32;  // of one lane, before another one gets the thread
constexpr const char* kDatabase = "events";

}  // namespace

ProcessRunner::ProcessRunner(Ports& ports, observe::Metrics& metrics, std::string owner,
                             Process process)
    : Runner(ports, metrics, std::move(owner), process.name, Kind::kProcess, kCheckpointVersion,
             kDatabase),
      process_(std::move(process)),
      lanes_(std::max<uint32_t>(1, ports.limits.lanes)) {}

void ProcessRunner::start() {
  const std::lock_guard lock(mutex_);
  if (jobs_ > 0 || (state_ != State::kStopped && state_ != State::kHalted)) {
    throw Error(Code::kConflict, join(name(), " has not stopped yet"));
  }
  taken_up_ = false;
  attempts_ = 0;
  stopping_ = false;
  paused_ = false;
  lease_.expect_own();
  state_ = State::kRunning;
  reason_.clear();
  queue_pump();
}

void ProcessRunner::ask_stop() {
  const std::lock_guard lock(mutex_);
  if (state_ != State::kRunning && state_ != State::kStandby) return;
  state_ = State::kStopping;
  if (stopping_) return;  // it is on its way to standby, and will end as stopped instead
  queue_pump();           // it, or another job that is still at work, will settle()
  stopping_ = true;
}

bool ProcessRunner::wait_stopped(std::chrono::milliseconds within) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, within, [&] {
    return jobs_ == 0 && (state_ == State::kStopped || state_ == State::kHalted);
  });
}

void ProcessRunner::release() {
  const std::lock_guard lock(mutex_);
  process_.handle = nullptr;
}

void ProcessRunner::head_moved(log::Position) {
  const std::lock_guard lock(mutex_);
  if (!paused_ && state_ != State::kStandby) queue_pump();
}

void ProcessRunner::lease_turned() {
  const std::lock_guard lock(mutex_);
  ask_lease_ = true;
  for (size_t i = 0; i < lanes_.size(); ++i) queue_lane(i);
  queue_pump();
}

Runner::Condition ProcessRunner::condition() const {
  const std::lock_guard lock(mutex_);
  if (state_ != State::kRunning) return {state_, reason_};
  Lane::Stuck lowest;
  for (const Work& work : lanes_) {
    const Lane::Stuck stuck = work.lane.stuck();
    if (stuck.position > 0 && (lowest.position == 0 || stuck.position < lowest.position)) {
      lowest = stuck;
    }
  }
  if (lowest.position > 0) {
    return {State::kRetrying, join("retrying at position ", lowest.position, ": ", lowest.reason)};
  }
  if (reason_.empty() && lease_.held() && !lease_.valid()) {
    return {State::kRetrying, "the lease has run out and is not renewed yet"};
  }
  return {reason_.empty() ? State::kRunning : State::kRetrying, reason_};
}

// ---- jobs

void ProcessRunner::queue_job(void (ProcessRunner::*body)(size_t), size_t lane) {
  ++jobs_;
  if (!ports_.pool.submit([self = shared_from_this(), body, lane] { self->job(body, lane); })) {
    --jobs_;  // the pool has been stopped: nothing runs any more
  }
}

void ProcessRunner::queue_pump() {
  if (stopping_ || state_ == State::kStopped || state_ == State::kHalted) return;
  pump_again_ = true;
  if (std::exchange(pump_queued_, true)) return;
  queue_job(&ProcessRunner::pump, 0);
}

void ProcessRunner::queue_lane(size_t index) {
  Work& work = lanes_[index];
  if (stopping_ || work.queued || !work.lane.has_work() || !lease_.valid()) return;
  work.queued = true;
  queue_job(&ProcessRunner::run_lane, index);
}

// The last job to leave says that it is over.
void ProcessRunner::job(void (ProcessRunner::*body)(size_t), size_t lane) {
  (this->*body)(lane);
  std::unique_lock lock(mutex_);
  if (stopping_ && jobs_ == 1) {
    lock.unlock();
    if (condition().state == State::kStopping) write_last_mark();
    release_lease();
    lock.lock();
    settle();  // and leaves under the same lock: nobody finds it stopped by halves
  }
  --jobs_;
  changed_.notify_all();
}

// Nothing is under way any more: stopped in order, halted, or off to standby.
void ProcessRunner::settle() {
  for (Work& work : lanes_) work.lane.clear();
  remembers_ = state_ == State::kStopping && (taken_up_ || remembers_);
  if (state_ == State::kStopping) {
    state_ = State::kStopped;
    reason_.clear();
  } else if (state_ == State::kStandby) {
    taken_up_ = stopping_ = paused_ = false;
    ask_lease_ = true;
    queue_pump();
  }
}

void ProcessRunner::write_last_mark() {
  try {
    if (taken_up_ && lease_.held()) flush();
  } catch (const Halt& reason) {
    halt(reason);
  } catch (const LeaseLost&) {
    lease_is_lost();
  } catch (...) {  // no harm: what the row does not say is handled again
    log_failure(bookmark_.mark().position, current_failure(), 0);
  }
}

void ProcessRunner::halt(const Halt& halt) {
  log_halt(halt, kDatabase);
  const std::lock_guard lock(mutex_);
  state_ = State::kHalted;
  reason_ = halt.what();
  stopping_ = true;
}

void ProcessRunner::lose() {
  lease_is_lost();
  const std::lock_guard lock(mutex_);
  if (state_ == State::kRunning) state_ = State::kStandby;
  reason_.clear();
  stopping_ = true;
}

// ---- the pump

void ProcessRunner::pump(size_t) {
  bool more = false;
  try {
    {
      const std::lock_guard lock(mutex_);
      pump_again_ = false;
      pump_queued_ = !stopping_;
      if (stopping_) return;
      const bool stands_by = state_ == State::kStandby && !std::exchange(ask_lease_, false);
      if (stands_by) {
        pump_queued_ = false;
        return;
      }
    }
    if (taken_up_ && !lease_.held()) throw LeaseLost();
    if (!taken_up_ && !take_up()) {
      const std::lock_guard lock(mutex_);
      pump_queued_ = false;
      if (ask_lease_) queue_pump();
      return;
    }
    more = deal_out();
    const int64_t since_ns = ports_.clock.monotonic_ns() - flushed_ns_;
    if (since_ns >= ports_.limits.checkpoint_ms * 1'000'000LL) flush();
    const std::lock_guard lock(mutex_);
    if (std::exchange(attempts_, 0) > 0) reason_.clear();
  } catch (const Halt& reason) {
    halt(reason);
  } catch (const LeaseLost&) {
    lose();
  } catch (...) {
    const Failure failure = current_failure();
    ++attempts_;
    log_failure(cursor_.position, failure, attempts_);
    const auto pause =
        retry_delay(ports_.limits, attempts_, static_cast<uint64_t>(ports_.clock.monotonic_ns()));
    {
      const std::lock_guard lock(mutex_);
      reason_ = join("reading on from position ", cursor_.position, ": ", failure.reason);
      ask_lease_ = true;  // where it was the lease that could not be asked for
    }
    pump_after(pause);
  }
  const std::lock_guard lock(mutex_);
  pump_queued_ = false;
  if (more || pump_again_) queue_pump();
}

// Takes the lease and begins at the row; false: another instance has it. A row that still is where
// this runner left it, with no other instance in between, means that what it did above the
// checkpoint still counts.
bool ProcessRunner::take_up() {
  Standing row;
  const bool mine = take_lease(row);
  {
    const std::lock_guard lock(mutex_);
    if (state_ == State::kRunning || state_ == State::kStandby) {
      state_ = mine ? State::kRunning : State::kStandby;
      reason_ = mine ? "" : join("runs on instance ", row.instance);
    }
    remembers_ = remembers_ && mine && row.epoch == bookmark_.epoch() + 1;
  }
  if (!mine) return false;
  verify_witness(ports_.log, row.mark);
  {
    const std::lock_guard lock(mutex_);
    if (!remembers_ || !bookmark_.may_be_at(row.mark)) low_water_.begin_at(row.mark);
    cursor_ = low_water_.mark();
  }
  bookmark_.begin_at(row);
  flushed_ns_ = ports_.clock.monotonic_ns();
  taken_up_ = true;
  progress().begin_at(cursor_.position);
  return true;
}

// Reads a page and deals it out; true when there may be more to read now.
bool ProcessRunner::deal_out() {
  const auto events = read_after(ports_.source, cursor_, kPageEvents);
  log::Position reached = 0;
  bool paused = false;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& event : events) {
      paused = !deal(event);
      if (paused) break;
      cursor_ = mark_of(*event);
    }
    paused_ = paused;
    for (size_t i = 0; i < lanes_.size(); ++i) queue_lane(i);
    reached = low_water_.mark().position;
    if (low_water_.mark() != bookmark_.mark()) arm_flush();
  }
  tell_progress(reached);
  return !events.empty() && !paused;
}

// False: its lane is full.
bool ProcessRunner::deal(const log::EventPtr& event) {
  const bool again = event->position <= low_water_.seen().position;
  if (again ? !low_water_.is_open(event->position) : !process_.filter.matches(event->stream)) {
    if (!again) low_water_.pass(mark_of(*event));
    return true;
  }
  const size_t index = std::hash<std::string_view>()(event->stream) % lanes_.size();
  Work& work = lanes_[index];
  if (work.lane.held() >= ports_.limits.lane_queue_max) {
    full_lane_ = index;
    return false;
  }
  if (!again) low_water_.open(mark_of(*event));
  work.lane.push(event);
  return true;
}

void ProcessRunner::arm_flush() {
  if (std::exchange(flush_armed_, true)) return;
  pump_after(std::chrono::milliseconds(ports_.limits.checkpoint_ms));
}

void ProcessRunner::pump_after(std::chrono::milliseconds delay) {
  ports_.timers.after(delay, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    const std::lock_guard lock(self->mutex_);
    self->flush_armed_ = false;
    self->queue_pump();
  });
}

void ProcessRunner::flush() {
  Mark mark;
  {
    const std::lock_guard lock(mutex_);
    mark = low_water_.mark();
  }
  if (mark == bookmark_.mark()) return;
  auto session = ports_.database(kDatabase).writer();
  sql::Transaction transaction(*session);
  bookmark_.settle(*session);
  bookmark_.move(*session, mark);
  transaction.commit();
  bookmark_.moved();
  flushed_ns_ = ports_.clock.monotonic_ns();
  const std::lock_guard lock(mutex_);
  for (size_t i = 0; i < lanes_.size(); ++i) queue_lane(i);  // the lease may have run out before
}

// ---- a lane

void ProcessRunner::run_lane(size_t index) {
  for (int n = 0; n < kEventsPerTurn; ++n) {
    log::EventPtr event;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_ || !lease_.valid()) break;  // renewed: lease_turned() queues the lane again
      event = lanes_[index].lane.take();
    }
    if (!event) break;
    handle(index, event);
  }
  const std::lock_guard lock(mutex_);
  lanes_[index].queued = false;
  queue_lane(index);
}

void ProcessRunner::handle(size_t index, const log::EventPtr& event) {
  const int64_t began_ns = ports_.clock.monotonic_ns();
  try {
    process_.handle(*event);
  } catch (...) {
    const Failure failure = current_failure();
    uint32_t attempt = 0;
    {
      const std::lock_guard lock(mutex_);
      attempt = lanes_[index].lane.failed(failure.reason);
    }
    log_failure(event->position, failure, attempt);
    ports_.timers.after(retry_delay(ports_.limits, attempt, static_cast<uint64_t>(event->position)),
                        [weak = weak_from_this(), index, attempt, stream = event->stream] {
                          const auto self = weak.lock();
                          if (!self) return;
                          const std::lock_guard lock(self->mutex_);
                          self->lanes_[index].lane.retry(stream, attempt);
                          self->queue_lane(index);
                        });
    return;
  }
  metrics_.ok.add();
  metrics_.seconds.observe(static_cast<double>(ports_.clock.monotonic_ns() - began_ns) / 1e9);
  log::Position reached = 0;
  {
    const std::lock_guard lock(mutex_);
    Lane& lane = lanes_[index].lane;
    lane.done();
    low_water_.done(event->position);
    reached = low_water_.mark().position;
    arm_flush();
    // The reader goes on when an eighth is free again, or the rest waits behind failing events.
    const bool room = lane.held() + ports_.limits.lane_queue_max / 8 < ports_.limits.lane_queue_max;
    if (paused_ && index == full_lane_ && (room || !lane.has_work())) queue_pump();
  }
  tell_progress(reached);
}

}  // namespace gantry::consume
