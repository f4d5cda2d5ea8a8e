#include "core/log/writer.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/runtime/fail_point.hpp"
#include "core/runtime/mutation.hpp"
#include "gantry/text.hpp"

namespace gantry::log {
namespace {

Outcome failed(Code code, const std::string& detail) {
  Outcome outcome;
  outcome.code = code;
  outcome.detail = detail;
  return outcome;
}

// Repeating will not help: it lies in the unit (or in the file), not in the moment.
bool is_lasting(Code code) { return code != Code::kUnavailable; }

// Against the bounds of the queue.
bool is_counted(const QueuedUnit& queued) { return !queued.fires && !queued.probe; }

}  // namespace

Writer::Writer(Engine& engine, const WriterOptions& options, const base::Clock& clock)
    : engine_(engine), options_(options), clock_(clock), store_(engine.open_store()) {
  head_ = published_ = store_->begin({}).head;
  if (!store_->roll_back()) store_.reset();
}

void Writer::start() {
  next_sweep_ns_ = clock_.monotonic_ns() + std::chrono::nanoseconds(options_.sweep_every).count();
  thread_ = std::thread([this] { loop(); });
}

void Writer::on_commit(std::function<void(Position)> signal) {
  const std::lock_guard lock(signal_mutex_);
  committed_ = std::move(signal);
}

std::optional<Outcome> Writer::put(QueuedUnit& queued) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return failed(Code::kUnavailable, "the log is stopped");
  if (is_counted(queued)) {
    const Limits& limits = options_.limits;
    if (queued_units_ >= limits.append_queue_max) {
      ++stats_.refused;
      return failed(Code::kExhausted, join("the log's queue holds its maximum of ",
                                           limits.append_queue_max, " units"));
    }
    if (queued_units_ > 0 && queued_bytes_ + queued.bytes > limits.append_queue_bytes_max) {
      ++stats_.refused;
      return failed(Code::kExhausted, join("the log's queue holds its maximum of ",
                                           limits.append_queue_bytes_max, " bytes"));
    }
    ++queued_units_;
    queued_bytes_ += queued.bytes;
  }
  queue_.push_back(std::move(queued));
  if (queue_.size() == 1 && !at_work_) arrived_.notify_one();
  return std::nullopt;
}

std::optional<Outcome> Writer::put_here(QueuedUnit& queued) {
  bool mine = false;
  {
    const std::lock_guard lock(mutex_);
    mine = !stopping_ && !at_work_ && queue_.empty() && !sweep_is_due();
    if (mine) at_work_ = true;
  }
  if (!mine) return put(queued);
  Batch batch;
  batch.push_back(std::move(queued));
  work(batch);
  const std::lock_guard lock(mutex_);
  at_work_ = false;
  if (!queue_.empty() || stopping_) arrived_.notify_one();
  return std::nullopt;
}

void Writer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    arrived_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

std::optional<Error> Writer::fault() const {
  const std::lock_guard lock(mutex_);
  return fault_;
}

void Writer::probe() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(probing_, true)) return;
  }
  QueuedUnit queued;
  queued.probe = true;
  queued.done = [this](const Outcome&) {
    const std::lock_guard lock(mutex_);
    probing_ = false;
  };
  put(queued);
}

// For reasons of the storage: not of what was to be written.
void Writer::note_fault(Code code, const std::string& why) {
  if (code != Code::kUnavailable && code != Code::kDeadline && code != Code::kInternal) return;
  const std::lock_guard lock(mutex_);
  fault_.emplace(code, why);
}

AppendStats Writer::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

void Writer::loop() {
  Batch batch;
  while (take(batch)) {
    work(batch);
    sweep();
    batch.clear();
    const std::lock_guard lock(mutex_);
    at_work_ = false;
  }
  store_.reset();
}

// Commits `batch`, or says why not, to all who wait for it. Nothing can be undone behind the
// answer: what fails there ends the process.
void Writer::work(const Batch& batch) noexcept {
  outcomes_.clear();
  commit_batch(batch.data(), batch.size(), outcomes_);
  count(batch, outcomes_);
  if (!std::exchange(answered_, false)) answer(batch.data(), outcomes_);
  GANTRY_FAIL_POINT("append.before_signal");
  publish();
}

void Writer::answer(const QueuedUnit* units, const std::vector<Outcome>& outcomes) {
  for (size_t i = 0; i < outcomes.size(); ++i) units[i].done(outcomes[i]);
}

// Begins a turn of the thread. False when stopped and nothing is left.
bool Writer::take(Batch& batch) {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [this] { return !at_work_ && (!queue_.empty() || stopping_); });
  at_work_ = true;
  const size_t count = std::min<size_t>(queue_.size(), options_.limits.append_batch_max);
  for (size_t i = 0; i < count; ++i) {
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
    if (!is_counted(batch.back())) continue;
    --queued_units_;
    queued_bytes_ -= batch.back().bytes;
  }
  return count > 0;
}

// Before any later unit is decided.
void Writer::tell_fates(const QueuedUnit* units, const std::vector<Outcome>& outcomes) {
  for (size_t i = 0; i < outcomes.size(); ++i) {
    const auto& fate = units[i].unit.fate;
    if (fate && !came_about(outcomes[i])) fate->lose();
  }
}

void Writer::commit_batch(const QueuedUnit* units, size_t count, std::vector<Outcome>& outcomes) {
  if (attempt(units, count, outcomes)) return tell_fates(units, outcomes);
  // One of them cannot be written, though nothing was wrong with it to see. Alone, it fails alone.
  for (size_t i = 0; i < count; ++i) {
    std::vector<Outcome> one;
    attempt(units + i, 1, one);
    tell_fates(units + i, one);
    outcomes.push_back(std::move(one.front()));
  }
}

// One transaction. False, with no outcomes: failed for a reason that lies in one of several units.
bool Writer::attempt(const QueuedUnit* units, size_t count, std::vector<Outcome>& outcomes) {
  try {
    if (!store_) store_ = engine_.open_store();
    if (attempt_remembered(units, count, outcomes)) return true;
    Group group(units, count);
    const Position known = head();
    const Facts facts = store_->begin(group.questions());
    const bool counted = GANTRY_MUTATED("no_log_lock");  // then it is where nobody else will write
    if (facts.head < known && !counted) {
      throw Error(Code::kInternal,
                  join("the log ends at position ", facts.head, " and ended at ", known,
                       " before: it was put back to an older state while this server ran; stop all "
                       "servers and see what `gantry log verify` says"));
    }
    if (!counted) raise_head(facts.head);
    group.decide(facts, [this](Position first, uint32_t n) { return store_->look(first, n); });
    if (GANTRY_MUTATED("ack_before_commit") && !std::exchange(answered_, true))
      answer(units, group.outcomes());
    if (group.changes().empty()) {
      if (!store_->roll_back()) store_.reset();
    } else {
      std::string why;
      const Ending ending = store_->commit(group.changes(), why);
      close(group, ending, why);
    }
    std::move(group.outcomes().begin(), group.outcomes().end(), std::back_inserter(outcomes));
    return true;
  } catch (const Error& e) {
    if (store_ && !store_->roll_back()) store_.reset();
    if (is_lasting(e.code()) && count > 1) return false;
    note_fault(e.code(), e.detail());
    // A constraint said no after all checks had passed: "decide again" would be the wrong advice.
    const Code code = e.code() == Code::kConflict ? Code::kInternal : e.code();
    for (size_t i = 0; i < count; ++i)
      outcomes.push_back(failed(code, join("append: ", e.detail())));
    return true;
  }
}

// The same without asking first, where the store remembers. False: it does not, or somebody would
// be refused, who must be told of what is and not of what was.
bool Writer::attempt_remembered(const QueuedUnit* units, size_t count,
                                std::vector<Outcome>& outcomes) {
  if (GANTRY_MUTATED("ack_before_commit")) return false;
  Group group(units, count);
  const auto facts = store_->remembered(group.questions());
  if (!facts) return false;
  group.decide(*facts, {});
  if (!group.only_appends()) return false;
  std::string why;
  const Ending ending = store_->commit_remembered(group.questions(), group.changes(), why);
  if (ending == Ending::kStale) return false;
  close(group, ending, why);
  if (ending == Ending::kCommitted) {
    const std::lock_guard lock(mutex_);
    ++stats_.unasked;
  }
  std::move(group.outcomes().begin(), group.outcomes().end(), std::back_inserter(outcomes));
  return true;
}

// What follows from how the transaction ended.
void Writer::close(Group& group, Ending ending, const std::string& why) {
  if (ending == Ending::kCommitted) {
    {
      const std::lock_guard lock(mutex_);
      ++stats_.commits;
      stats_.events += group.changes().events.size();
      if (!group.changes().empty()) fault_.reset();
    }
    raise_head(group.head());
    if (group.earliest_timer() && timer_set_) timer_set_(*group.earliest_timer());
    return;
  }
  note_fault(Code::kUnavailable, why);
  for (auto& outcome : group.outcomes()) {
    // A unit that was refused wrote nothing, but what it was compared with has gone: let it come
    // again.
    const bool unknown = ending == Ending::kUnknown && outcome.code == Code::kOk;
    outcome = failed(unknown ? Code::kDeadline : Code::kUnavailable, join("commit: ", why));
  }
  if (ending == Ending::kUnknown) store_.reset();
}

void Writer::moved(Position head) {
  raise_head(head);
  publish();
}

// Another process may have appended since what is known here was found out.
void Writer::raise_head(Position head) {
  Position known = head_.load(std::memory_order_relaxed);
  while (known < head && !head_.compare_exchange_weak(known, head, std::memory_order_acq_rel)) {
  }
}

void Writer::publish() {
  const std::lock_guard lock(signal_mutex_);
  const Position now = head();
  if (now <= published_) return;
  published_ = now;
  if (committed_) committed_(now);
}

void Writer::count(const Batch& batch, const std::vector<Outcome>& outcomes) {
  const std::lock_guard lock(mutex_);
  for (size_t i = 0; i < batch.size(); ++i) {
    const Outcome& outcome = outcomes[i];
    switch (outcome.code) {
      case Code::kOk:
        if (outcome.committed.repeated)
          ++stats_.repeats;
        else if (is_counted(batch[i]))
          ++stats_.units;
        else if (outcome.committed.first != 0)
          ++stats_.timers_fired;
        break;
      case Code::kConflict:
      case Code::kInvalid:
        ++stats_.refused;
        break;
      default:
        ++stats_.failed;
    }
  }
}

// Then the next unit goes to the log's thread, which sweeps behind it.
bool Writer::sweep_is_due() const { return store_ && clock_.monotonic_ns() >= next_sweep_ns_; }

// Between batches and on the log's thread, so that nobody's answer waits for it; what fails here is
// tried again the next time.
void Writer::sweep() noexcept {
  if (!sweep_is_due()) return;
  const int64_t now = clock_.monotonic_ns();
  uint32_t deleted = 0;
  try {
    deleted = store_->sweep_answers(options_.sweep_max);
  } catch (const Error&) {
    if (!store_->roll_back()) store_.reset();
  }
  const bool more = deleted == options_.sweep_max;
  if (!more) next_sweep_ns_ = now + std::chrono::nanoseconds(options_.sweep_every).count();
}

}  // namespace gantry::log
