#include "core/log/appender.hpp"

#include <sqlite3.h>

#include "gantry/text.hpp"

namespace gantry::log {
namespace {

constexpr std::string_view kNoMeta = "{}";

bool meets(int64_t expected, int64_t version) {
  if (expected == kAny) return true;
  if (expected == kExists) return version > 0;
  return expected == version;
}

std::string sentence(const StreamAppend& append, int64_t version) {
  const std::string is = version == 0 ? std::string("is absent") : join("is at version ", version);
  if (append.expected == kExists)
    return join("stream '", append.stream, "' ", is, ", expected to exist");
  if (append.expected == kAbsent)
    return join("stream '", append.stream, "' ", is, ", expected to be absent");
  return join("stream '", append.stream, "' ", is, ", expected ", append.expected);
}

Outcome refused(Code code, std::string detail) {
  Outcome outcome;
  outcome.code = code;
  outcome.detail = std::move(detail);
  return outcome;
}

}  // namespace

Appender::Appender(const std::string& file, const sql::SqliteOptions& options)
    : connection_(file, options),
      events_rows_(connection_.handle()),
      timers_(connection_.handle()),
      answers_(connection_.handle()),
      begin_(connection_.handle(), "BEGIN IMMEDIATE"),
      commit_(connection_.handle(), "COMMIT"),
      seal_(connection_.handle(), "UPDATE es_log SET repairs = repairs + 1 WHERE log_id = 0") {}

void Appender::begin(Instant now) {
  begin_.run();
  head_ = events_rows_.head();
  now_ = now;
  events_ = 0;
  touched_ = false;
  earliest_timer_.reset();
}

Outcome Appender::touch() {
  seal_.run();
  touched_ = true;
  return {};
}

Outcome Appender::apply(const QueuedUnit& queued) {
  const Unit& unit = queued.unit;
  if (unit.answer && !answers_.allows(*unit.answer, now_)) {
    return refused(Code::kConflict,
                   "another command has answered or is answering under this idempotency key");
  }
  std::optional<Outcome> known = repeat_of(queued);
  if (known && known->code != Code::kOk) return std::move(*known);
  if (!known) {
    if (auto refusal = refusal_of(queued)) return std::move(*refusal);
    known.emplace();
    known->committed = append_all(queued);
    set_timers(unit);
  }
  if (unit.answer) answers_.store(*unit.answer, known->committed.last, now_);
  return std::move(*known);
}

// A command is known by its first event. The same command must bring the same events; then it is
// answered with the old positions, whatever its streams have come to since.
std::optional<Outcome> Appender::repeat_of(const QueuedUnit& queued) {
  if (queued.ids.empty()) return std::nullopt;
  const Position first = events_rows_.position_of(queued.ids.front());
  if (first == 0) return std::nullopt;

  size_t n = 0;
  bool same = true;
  for (const auto& append : queued.unit.appends) {
    for (const auto& event : append.events) {
      same =
          same && same_event(first + static_cast<Position>(n), queued.ids[n], append.stream, event);
      ++n;
    }
  }
  // It must not have had more events then, either.
  same = same && events_rows_.position_of(uuid5(queued.unit.command, to_text(n))) == 0;
  if (!same) {
    return refused(Code::kInvalid, join("command ", queued.unit.command.text(),
                                        " was committed before with other events"));
  }
  Outcome outcome;
  outcome.committed = {first, first + static_cast<Position>(n) - 1, true};
  return outcome;
}

bool Appender::same_event(Position position, const Uuid& id, const std::string& stream,
                          const NewEvent& event) {
  if (events_rows_.position_of(id) != position) return false;
  events_rows_.read_at(position, stored_);
  return stored_.stream == stream && stored_.type == event.type && stored_.data == event.data;
}

std::optional<Outcome> Appender::refusal_of(const QueuedUnit& queued) {
  streams_.clear();
  for (const auto& append : queued.unit.appends) {
    const StreamRow& row = streams_.emplace_back(events_rows_.stream(append.stream));
    if (meets(append.expected, row.version)) continue;
    Outcome outcome = refused(Code::kConflict, sentence(append, row.version));
    outcome.stream = append.stream;
    outcome.actual = row.version;
    return outcome;
  }
  return std::nullopt;
}

Committed Appender::append_all(const QueuedUnit& queued) {
  if (queued.ids.empty()) return {};
  Committed committed{head_ + 1, 0, false};
  row_.meta = queued.unit.meta.empty() ? kNoMeta : std::string_view(queued.unit.meta);
  size_t n = 0;
  for (size_t i = 0; i < queued.unit.appends.size(); ++i) {
    const auto& append = queued.unit.appends[i];
    if (append.events.empty()) continue;
    const int64_t id =
        events_rows_.move_stream(streams_[i], append.stream,
                                 streams_[i].version + static_cast<int64_t>(append.events.size()));
    row_.stream = append.stream;
    row_.version = streams_[i].version;
    for (const auto& event : append.events) {
      row_.id = queued.ids[n++];
      row_.type = event.type;
      row_.data = event.data;
      insert_row(id);
    }
  }
  committed.last = head_;
  return committed;
}

// The next position and the next version of its stream.
void Appender::insert_row(int64_t stream_id) {
  row_.position = ++head_;
  ++row_.version;
  row_.recorded_at = now_;
  events_rows_.insert(row_, stream_id);
  last_event_ = row_.id;
  ++events_;
}

void Appender::set_timers(const Unit& unit) {
  for (const auto& timer : unit.timers_set) {
    if (!timers_.set(timer, unit.command)) continue;
    if (!earliest_timer_ || timer.due < *earliest_timer_) earliest_timer_ = timer.due;
  }
  for (const auto& timer : unit.timers_cancelled) timers_.cancel(timer);
}

Outcome Appender::fire(const DueTimer& timer) {
  Outcome outcome;
  const auto payload = timers_.claim(timer, now_);
  if (!payload) return outcome;
  const StreamRow was = events_rows_.stream(timer.stream);
  row_.stream = timer.stream;
  row_.version = was.version;
  row_.id = fired_id(timer);
  row_.type = kTimerFired;
  row_.data = fired_data(timer, *payload);
  row_.meta = kNoMeta;
  insert_row(events_rows_.move_stream(was, timer.stream, was.version + 1));
  outcome.committed = {head_, head_, false};
  return outcome;
}

Appender::Ending Appender::commit(std::string& why) noexcept {
  try {
    commit_.run();
    return Ending::kCommitted;
  } catch (const Error& e) {
    why = e.detail();
    // No room: the frame that would make the transaction valid comes last and was never written.
    const bool full = (sqlite3_errcode(connection_.handle()) & 0xff) == SQLITE_FULL;
    if (full && connection_.roll_back()) return Ending::kNothing;
  }
  return settle();
}

// After a failed COMMIT, two things may still be true: it may have happened (SQLite has ended the
// transaction by itself), or its frames may lie complete in the WAL, unsynchronised, and be found
// valid by the recovery after a crash. So look, and then write a small transaction over them; only
// when that is on disk the failed one can never come back.
Appender::Ending Appender::settle() noexcept {
  const bool ended_by_itself = !connection_.in_transaction();
  if (!connection_.roll_back()) return Ending::kUnknown;
  try {
    if (ended_by_itself) {
      if (events_ == 0) return Ending::kUnknown;  // nothing to recognise it by
      if (events_rows_.position_of(last_event_) == head_) return Ending::kCommitted;
    }
    begin_.run();
    seal_.run();
    commit_.run();
    return Ending::kNothing;
  } catch (const Error&) {
    connection_.roll_back();  // its result shows at the next begin()
    return Ending::kUnknown;
  }
}

uint32_t Appender::sweep_answers(Instant now, uint32_t max) {
  begin_.run();
  const uint32_t count = answers_.sweep(now, max);
  commit_.run();
  return count;
}

}  // namespace gantry::log
