#include "core/consume/projection_runner.hpp"

#include <algorithm>

#include "core/consume/projected.hpp"
#include "core/consume/reading.hpp"
#include "core/runtime/fail_point.hpp"
#include "core/runtime/mutation.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::consume {

ProjectionRunner::ProjectionRunner(Ports& ports, observe::Metrics& metrics, std::string owner,
                                   Projection projection)
    : Runner(ports, metrics, std::move(owner), projection.name, Kind::kProjection,
             projection.version, projection.database),
      projection_(std::move(projection)) {}

ProjectionRunner::~ProjectionRunner() { ask_stop(); }

void ProjectionRunner::start() {
  const std::lock_guard lock(mutex_);
  if (on_thread_) throw Error(Code::kConflict, join(name(), " has not stopped yet"));
  thread_.join();
  stop_asked_ = false;
  taken_up_ = false;
  lease_.expect_own();
  attempts_ = 0;
  single_until_ = 0;
  on_thread_ = true;
  state_ = State::kRunning;
  reason_.clear();
  try {
    thread_ = runtime::Thread({.name = join("p:", name()), .kind = runtime::ThreadKind::kBus},
                              [this] { run(); });
  } catch (...) {
    on_thread_ = false;
    state_ = State::kStopped;
    throw;
  }
}

void ProjectionRunner::ask_stop() {
  const std::lock_guard lock(mutex_);
  stop_asked_ = true;
  if (on_thread_ && state_ != State::kHalted) state_ = State::kStopping;
  changed_.notify_all();
}

bool ProjectionRunner::wait_stopped(std::chrono::milliseconds within) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, within, [&] { return !on_thread_; })) return false;
  lock.unlock();
  thread_.join();
  return true;
}

void ProjectionRunner::release() { projection_.apply = nullptr; }

void ProjectionRunner::head_moved(log::Position head) {
  const std::lock_guard lock(mutex_);
  head_ = std::max(head_, head);
  changed_.notify_all();
}

Runner::Condition ProjectionRunner::condition() const {
  const std::lock_guard lock(mutex_);
  return {state_, reason_};
}

void ProjectionRunner::lease_turned() {
  const std::lock_guard lock(mutex_);
  lease_turned_ = true;
  changed_.notify_all();
}

void ProjectionRunner::run() {
  try {
    while (!asked_to_stop()) work();
    end();
    become(State::kStopped, "");
  } catch (const Halt& halt) {
    log_halt(halt, projection_.database);
    release_lease();
    become(State::kHalted, halt.what());
  }
  const std::lock_guard lock(mutex_);
  on_thread_ = false;
  changed_.notify_all();
}

void ProjectionRunner::work() {
  try {
    turn();
  } catch (const LeaseLost&) {
    lease_is_lost();
    taken_up_ = false;
  }
}

// Whatever is to be done now, once.
void ProjectionRunner::turn() {
  try {
    if (taken_up_ && !lease_.held()) throw LeaseLost();
    if (!taken_up_ && !take_up()) return;
    if (!step()) wait_for_news();
  } catch (const Halt&) {
    throw;
  } catch (const LeaseLost&) {
    throw;
  } catch (...) {
    const Failure failure = current_failure();
    check_row();
    failed(failure);
  }
}

void ProjectionRunner::end() {
  try {
    if (taken_up_ && scanned_ != bookmark_.mark()) write_mark();
  } catch (const Halt&) {
    throw;
  } catch (const LeaseLost&) {
    lease_is_lost();
  } catch (...) {  // no harm: the events passed since do not match and are passed again
    log_failure(scanned_.position, current_failure(), 0);
  }
  release_lease();
}

// Begins where the row is. False: another instance has the lease, and this one has waited a while.
bool ProjectionRunner::take_up() {
  trying_ = 0;
  batch_matches_ = 0;
  Standing row;
  if (!take_lease(row)) {
    stand_by(row);
    return false;
  }
  become(State::kRunning, "");
  bookmark_.begin_at(row);
  scanned_ = row.mark;
  trying_ = scanned_.position;
  verify_witness(ports_.log, scanned_);
#ifdef GANTRY_FAIL_POINTS
  notes_projected_ = notes_projected(database());
#endif
  progress().begin_at(scanned_.position);
  written_ns_ = ports_.clock.monotonic_ns();
  taken_up_ = true;
  return true;
}

void ProjectionRunner::stand_by(const Standing& row) {
  attempts_ = 0;
  single_until_ = 0;
  become(State::kStandby, join("runs on instance ", row.instance));
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return stop_asked_ || lease_turned_; });
  lease_turned_ = false;
}

// Reads one page and deals with it; false when there is nothing to read.
bool ProjectionRunner::step() {
  trying_ = scanned_.position + 1;
  batch_matches_ = 0;
  const Events events = read_after(ports_.source, scanned_, ports_.limits.batch_events_max);
  const auto match = std::find_if(events.begin(), events.end(), [&](const auto& event) {
    return projection_.filter.matches(event->stream);
  });
  if (match != events.end()) {
    apply_batch(events, static_cast<size_t>(match - events.begin()));
  } else {
    if (!events.empty()) pass(mark_of(*events.back()));
    if (mark_is_due()) write_mark();
  }
  if (std::exchange(attempts_, 0) > 0) become(State::kRunning, "");
  return !events.empty();
}

// Events up to `to` do not match: their rows are done already.
void ProjectionRunner::pass(const Mark& to) {
  scanned_ = to;
  tell_progress(to.position);
}

void ProjectionRunner::apply(const log::Event& event, sql::Session& session) {
  projection_.apply(event, session);
  if (notes_projected_)
    note_projected(session, projection_.name, projection_.version, event.position);
  GANTRY_FAIL_POINT("checkpoint.mid_batch");
}

void ProjectionRunner::apply_batch(const Events& events, size_t first_match) {
  if (GANTRY_MUTATED("checkpoint_apart")) return apply_apart(events, first_match);
  const int64_t began_ns = ports_.clock.monotonic_ns();
  const int64_t until_ns = began_ns + ports_.limits.batch_ms_max * 1'000'000LL;
  const size_t max = events[first_match]->position <= single_until_ ? 1 : events.size();
  trying_ = events[first_match]->position;
  auto session = database().writer();
  sql::Transaction transaction(*session);
  if (!settle(*session)) return;
  GANTRY_FAIL_POINT("checkpoint.before_apply");

  Mark done = scanned_;
  for (size_t i = 0; i < events.size(); ++i) {
    const log::Event& event = *events[i];
    if (i >= first_match && projection_.filter.matches(event.stream)) {
      if (batch_matches_ > 0 &&
          (batch_matches_ >= max || ports_.clock.monotonic_ns() >= until_ns)) {
        break;
      }
      ++batch_matches_;
      trying_ = event.position;
      batch_end_ = event.position;
      apply(event, *session);
    }
    done = mark_of(event);
  }
  bookmark_.move(*session, done);
  GANTRY_FAIL_POINT("checkpoint.before_commit");
  transaction.commit();
  GANTRY_FAIL_POINT("checkpoint.after_commit");
  bookmark_.moved();

  scanned_ = done;
  written_ns_ = ports_.clock.monotonic_ns();
  metrics_.ok.add(static_cast<double>(batch_matches_));
  metrics_.seconds.observe(static_cast<double>(written_ns_ - began_ns) / 1e9);
  tell_progress(done.position);
}

// The mutation: checkpoint first, rows in a transaction of their own.
void ProjectionRunner::apply_apart(const Events& events, size_t first_match) {
  scanned_ = mark_of(*events.back());
  write_mark();
  auto session = database().writer();
  sql::Transaction transaction(*session);
  GANTRY_FAIL_POINT("checkpoint.before_apply");
  for (size_t i = first_match; i < events.size(); ++i) {
    if (projection_.filter.matches(events[i]->stream)) apply(*events[i], *session);
  }
  GANTRY_FAIL_POINT("checkpoint.before_commit");
  transaction.commit();
  GANTRY_FAIL_POINT("checkpoint.after_commit");
  tell_progress(scanned_.position);
}

// False: a commit that seemed to fail has happened, and what follows scanned_ is done already.
bool ProjectionRunner::settle(sql::Session& session) {
  bookmark_.settle(session);
  if (bookmark_.mark().position <= scanned_.position) return true;
  scanned_ = bookmark_.mark();
  tell_progress(scanned_.position);
  return false;
}

// A batch on rows that another instance has moved on may fail in any way before the checkpoint
// would have refused it: then that is the reason, not an event.
void ProjectionRunner::check_row() {
  if (!taken_up_) return;
  std::optional<Standing> row;
  try {
    row = checkpoint_.read(*database().reader());
  } catch (const Error&) {
    return;  // cannot be told now
  }
  bookmark_.verify(row);
}

void ProjectionRunner::write_mark() {
  auto session = database().writer();
  sql::Transaction transaction(*session);
  if (!settle(*session)) return;
  bookmark_.move(*session, scanned_);
  transaction.commit();
  bookmark_.moved();
  written_ns_ = ports_.clock.monotonic_ns();
}

bool ProjectionRunner::mark_is_due() const {
  if (scanned_ == bookmark_.mark()) return false;
  return scanned_.position - bookmark_.mark().position >= ports_.limits.checkpoint_events ||
         ports_.clock.monotonic_ns() - written_ns_ >= ports_.limits.checkpoint_ms * 1'000'000LL;
}

// A batch that failed is done again event by event; an event that failed is tried again after a
// pause.
void ProjectionRunner::failed(const Failure& failure) {
  if (batch_matches_ > 1) {
    single_until_ = std::max(single_until_, batch_end_);
    batch_matches_ = 0;
    return;
  }
  ++attempts_;
  log_failure(trying_, failure, attempts_);
  become(State::kRetrying, join("retrying at position ", trying_, ": ", failure.reason));
  const auto pause =
      retry_delay(ports_.limits, attempts_, static_cast<uint64_t>(ports_.clock.monotonic_ns()));
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, pause,
                    [&] { return stop_asked_ || std::exchange(lease_turned_, false); });
}

void ProjectionRunner::wait_for_news() {
  const auto news = [&] {
    return stop_asked_ || head_ > scanned_.position || std::exchange(lease_turned_, false);
  };
  std::unique_lock lock(mutex_);
  if (scanned_ == bookmark_.mark()) {
    changed_.wait(lock, news);
  } else {
    changed_.wait_for(lock, std::chrono::milliseconds(ports_.limits.checkpoint_ms), news);
  }
}

void ProjectionRunner::become(State state, std::string reason) {
  const std::lock_guard lock(mutex_);
  const bool goes_on =
      state == State::kRunning || state == State::kRetrying || state == State::kStandby;
  if (stop_asked_ && goes_on) state = State::kStopping;
  state_ = state;
  reason_ = std::move(reason);
}

bool ProjectionRunner::asked_to_stop() const {
  const std::lock_guard lock(mutex_);
  return stop_asked_;
}

}  // namespace gantry::consume
