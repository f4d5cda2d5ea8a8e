#include "core/log/sqlite_store.hpp"

#include <sqlite3.h>

#include "core/runtime/fail_point.hpp"
#include "core/runtime/mutation.hpp"

namespace gantry::log {

SqliteStore::SqliteStore(const std::string& file, const sql::SqliteOptions& options,
                         const base::Clock& clock)
    : clock_(clock),
      connection_(file, options),
      events_(connection_.handle()),
      timers_(connection_.handle()),
      answers_(connection_.handle()),
      begin_(connection_.handle(), "BEGIN IMMEDIATE"),
      commit_(connection_.handle(), "COMMIT"),
      seal_(connection_.handle(), "UPDATE es_log SET repairs = repairs + 1 WHERE log_id = 0") {}

Facts SqliteStore::begin(const Questions& questions) {
  GANTRY_FAIL_POINT("append.before_stream_lock");
  begin_.run();
  GANTRY_FAIL_POINT("append.after_log_lock");
  Facts facts;
  if (GANTRY_MUTATED("no_log_lock"))
    facts.head = count_on(questions);
  else if (connection_.data_version() == committed_as_)
    facts.head = remembered_.head();
  if (facts.head == 0) facts.head = events_.head();
  if (facts.head != remembered_.head()) remembered_.forget();
  facts.last_stream_id =
      remembered_.head() > 0 ? remembered_.last_stream_id() : events_.last_stream_id();
  facts.now = clock_.now();
  for (const auto name : questions.streams) {
    const StreamRow* const row = remembered_.stream(name);
    facts.streams.push_back(row == nullptr ? events_.stream(name) : *row);
  }
  for (const Uuid& id : questions.events) facts.events.push_back(events_.position_of(id));
  for (const auto scope : questions.scopes)
    facts.answers.push_back(answers_.owner(scope, facts.now));
  for (const DueTimer* timer : questions.timers)
    facts.timers.push_back(
        timers_.payload(*timer, GANTRY_MUTATED("timer_early") ? timer->due : facts.now));
  remembered_.read(facts);
  return facts;
}

// The mutation: a counter that counts on whatever becomes of those who took from it.
Position SqliteStore::count_on(const Questions& questions) {
  const Position head = counter_ == 0 ? events_.head() : counter_;
  counter_ = head + static_cast<Position>(questions.appends_max);
  return head;
}

std::vector<EventPtr> SqliteStore::look(Position first, uint32_t count) {
  return events_.read(first - 1, count);
}

Ending SqliteStore::commit(const Changes& changes, std::string& why) {
  GANTRY_FAIL_POINT("append.before_insert");
  write(changes);
  GANTRY_FAIL_POINT("append.after_insert");
  return end(changes, why);
}

Ending SqliteStore::end(const Changes& changes, std::string& why) {
  try {
    GANTRY_FAIL_POINT("append.before_commit");
    commit_.run();
    GANTRY_FAIL_POINT("append.after_commit");  // an error here: the answer to COMMIT was lost
    remembered_.wrote(changes);
    committed_as_ = connection_.data_version();
    return Ending::kCommitted;
  } catch (const Error& e) {
    why = e.detail();
    // No room: the frame that would make the transaction valid comes last and was never written.
    const bool full = (sqlite3_errcode(connection_.handle()) & 0xff) == SQLITE_FULL;
    if (full && connection_.roll_back()) return Ending::kNothing;
  }
  return settle(changes);
}

// Fail points lie between reading and writing. Who counts before the lock must take it.
std::optional<Facts> SqliteStore::remembered(const Questions& questions) {
  if (runtime::are_fail_points_armed() || GANTRY_MUTATED("no_log_lock")) return std::nullopt;
  return remembered_.answers(questions, clock_.now());
}

Ending SqliteStore::commit_remembered(const Questions&, const Changes& changes, std::string& why) {
  begin_.run();
  if (connection_.data_version() == committed_as_ && write_if_it_fits(changes))
    return end(changes, why);
  remembered_.forget();
  if (!connection_.roll_back()) throw Error(Code::kUnavailable, "the transaction cannot be ended");
  return Ending::kStale;
}

// False: there is an event or a stream already that nothing was remembered of.
bool SqliteStore::write_if_it_fits(const Changes& changes) try {
  write(changes);
  return true;
} catch (const Error& e) {
  if (e.code() == Code::kConflict) return false;
  throw;
}

void SqliteStore::write(const Changes& changes) {
  for (const auto& stream : changes.streams)
    if (stream.fresh) events_.insert(stream);
  for (const auto& row : changes.events) events_.insert(row);
  for (const auto& timer : changes.timers) timers_.change(timer);
  for (const auto& answer : changes.answers) answers_.store(answer);
  if (changes.touch) seal_.run();
}

// After a failed COMMIT, two things may still be true: it may have happened (SQLite has ended the
// transaction by itself), or its frames may lie complete in the WAL, unsynchronised, and be found
// valid by the recovery after a crash. So look, and then write a small transaction over them; only
// when that is on disk the failed one can never come back.
Ending SqliteStore::settle(const Changes& changes) noexcept {
  const bool ended_by_itself = !connection_.in_transaction();
  if (!connection_.roll_back()) return Ending::kUnknown;
  try {
    if (ended_by_itself) {
      if (changes.events.empty()) return Ending::kUnknown;  // nothing to recognise it by
      const EventView& last = changes.events.back().event;
      if (events_.position_of(last.id) == last.position) return Ending::kCommitted;
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

uint32_t SqliteStore::sweep_answers(uint32_t max) {
  begin_.run();
  const uint32_t count = answers_.sweep(clock_.now(), max);
  commit_.run();
  return count;
}

}  // namespace gantry::log
