#include "core/consume/projection_runner.hpp"

#include <algorithm>

#include "core/consume/reading.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::consume {

ProjectionRunner::ProjectionRunner(Ports& ports, observe::Metrics& metrics, std::string owner,
                                   Projection projection)
    : Runner(ports, metrics, std::move(owner), projection.name, Kind::kProjection,
             projection.version),
      projection_(std::move(projection)),
      checkpoint_(projection_.name, projection_.version) {}

ProjectionRunner::~ProjectionRunner() { ask_stop(); }

void ProjectionRunner::start() {
  const std::lock_guard lock(mutex_);
  if (on_thread_) throw Error(Code::kConflict, join(name(), " has not stopped yet"));
  thread_.join();
  stop_asked_ = false;
  taken_up_ = false;
  unsure_.reset();
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

void ProjectionRunner::run() {
  try {
    while (!asked_to_stop()) {
      try {
        if (!taken_up_) take_up();
        if (!step()) wait_for_news();
      } catch (const Halt&) {
        throw;
      } catch (...) {
        failed(current_failure());
      }
    }
    try {
      if (taken_up_ && scanned_ != stored_) write_mark();
    } catch (const Halt&) {
      throw;
    } catch (...) {  // no harm: the events passed since do not match and are passed again
      log_failure(scanned_.position, current_failure(), 0);
    }
    become(State::kStopped, "");
  } catch (const Halt& halt) {
    log_halt(halt, projection_.database);
    become(State::kHalted, halt.what());
  }
  const std::lock_guard lock(mutex_);
  on_thread_ = false;
  changed_.notify_all();
}

void ProjectionRunner::take_up() {
  trying_ = 0;
  batch_matches_ = 0;
  sql::Database& database = ports_.database(projection_.database);
  {
    auto session = database.writer();
    sql::Transaction transaction(*session);
    stored_ = scanned_ = checkpoint_.take(*session, ports_.clock.now());
    transaction.commit();
  }
  trying_ = stored_.position;
  verify_witness(ports_.log, stored_);
  progress().begin_at(stored_.position);
  written_ns_ = ports_.clock.monotonic_ns();
  taken_up_ = true;
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

void ProjectionRunner::apply_batch(const Events& events, size_t first_match) {
  const int64_t began_ns = ports_.clock.monotonic_ns();
  const int64_t until_ns = began_ns + ports_.limits.batch_ms_max * 1'000'000LL;
  const size_t max = events[first_match]->position <= single_until_ ? 1 : events.size();
  trying_ = events[first_match]->position;
  auto session = ports_.database(projection_.database).writer();
  sql::Transaction transaction(*session);
  if (!fence(*session)) return;

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
      projection_.apply(event, *session);
    }
    done = mark_of(event);
  }
  checkpoint_.move(*session, stored_, done, ports_.clock.now());
  unsure_ = done;
  transaction.commit();
  unsure_.reset();

  stored_ = scanned_ = done;
  written_ns_ = ports_.clock.monotonic_ns();
  metrics_.ok.add(static_cast<double>(batch_matches_));
  metrics_.seconds.observe(static_cast<double>(written_ns_ - began_ns) / 1e9);
  tell_progress(done.position);
}

// The row must be where this runner left it. False when a commit that seemed to fail turns out to
// have succeeded: then the batch is done and this one must not be applied.
bool ProjectionRunner::fence(sql::Session& session) {
  const std::optional<Mark> row = checkpoint_.read(session);
  const std::optional<Mark> unsure = std::exchange(unsure_, std::nullopt);
  if (row == stored_) return true;
  if (!row || row != unsure) Checkpoint::fenced(row, stored_);
  stored_ = scanned_ = *row;
  tell_progress(stored_.position);
  return false;
}

void ProjectionRunner::write_mark() {
  auto session = ports_.database(projection_.database).writer();
  sql::Transaction transaction(*session);
  if (!fence(*session)) return;
  checkpoint_.move(*session, stored_, scanned_, ports_.clock.now());
  unsure_ = scanned_;
  transaction.commit();
  unsure_.reset();
  stored_ = scanned_;
  written_ns_ = ports_.clock.monotonic_ns();
}

bool ProjectionRunner::mark_is_due() const {
  if (scanned_ == stored_) return false;
  return scanned_.position - stored_.position >= ports_.limits.checkpoint_events ||
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
  changed_.wait_for(lock, pause, [&] { return stop_asked_; });
}

void ProjectionRunner::wait_for_news() {
  const auto news = [&] { return stop_asked_ || head_ > scanned_.position; };
  std::unique_lock lock(mutex_);
  if (scanned_ == stored_) {
    changed_.wait(lock, news);
  } else {
    changed_.wait_for(lock, std::chrono::milliseconds(ports_.limits.checkpoint_ms), news);
  }
}

void ProjectionRunner::become(State state, std::string reason) {
  const std::lock_guard lock(mutex_);
  if (stop_asked_ && (state == State::kRunning || state == State::kRetrying)) {
    state = State::kStopping;
  }
  state_ = state;
  reason_ = std::move(reason);
}

bool ProjectionRunner::asked_to_stop() const {
  const std::lock_guard lock(mutex_);
  return stop_asked_;
}

}  // namespace gantry::consume
