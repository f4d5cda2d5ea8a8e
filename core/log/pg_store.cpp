#include "core/log/pg_store.hpp"

#include <limits>

#include "core/log/pg_changes.hpp"
#include "core/log/pg_place.hpp"
#include "core/log/pg_rows.hpp"
#include "core/log/pg_statements.hpp"
#include "core/runtime/fail_point.hpp"
#include "core/runtime/mutation.hpp"
#include "core/runtime/pause.hpp"
#include "gantry/text.hpp"

namespace gantry::log {
namespace {

constexpr std::chrono::milliseconds kRetryAfter(50);
constexpr const char* kMakeCounter =
    "CREATE TABLE IF NOT EXISTS es_mutated_counter AS"
    " SELECT coalesce(max(position), 0) AS n FROM es_event";
constexpr const char* kCount =
    "UPDATE es_mutated_counter SET n = n + $1::bigint RETURNING n - $1::bigint";

}  // namespace

PgStore::PgStore(const std::string& conninfo, const PgLogOptions& options, PgClock& clock,
                 const base::Clock& pace, std::atomic<int>& backend)
    : conninfo_(conninfo), options_(options), clock_(clock), pace_(pace), backend_(backend) {
  reconnect();
}

void PgStore::reconnect() {
  // Who has the log alone has it no more, and cannot know what was done to it since.
  if (placed_ && options_.use != Use::kServe)
    throw Error(Code::kUnavailable, "the connection that kept everybody else away has ended");
  remembered_.forget();
  link_.reset();
  auto link = std::make_unique<PgLink>(conninfo_, store_statements(), options_.answer_max);
  backend_ = link->backend();
  link->ask("settings");
  // Whoever stands still between its two rounds has the lock that everybody else waits for.
  link->ask("patience",
            fresh().add(join(options_.database.postgresql.append_idle_timeout.count(), "ms")));
  take_place(*link, options_.use);
  placed_ = true;
  link_ = std::move(link);  // not before: without its place in the log it must not write
}

// The mutation: a counter before the lock, which counts on whatever becomes of those who took from
// it; so a sequence does.
Position PgStore::count_on(const Questions& questions) {
  if (!counter_) {
    try {
      PgLink(conninfo_, {{"make", kMakeCounter}}, options_.answer_max).ask("make");
    } catch (const Error&) {  // another instance was making it
    }
    counter_ = std::make_unique<PgLink>(conninfo_, std::vector<PgStatement>{{"count", kCount}},
                                        options_.answer_max);
  }
  const auto taken = static_cast<int64_t>(questions.appends_max);
  return counter_->ask("count", fresh().add(taken)).integer(0, 0);
}

Facts PgStore::begin(const Questions& questions) {
  const bool counts = GANTRY_MUTATED("no_log_lock");
  const Position counted = counts ? count_on(questions) : 0;
  GANTRY_FAIL_POINT("append.before_stream_lock");
  if (!link_->silent()) reconnect();  // the server was restarted since
  link_->send("begin");
  link_->send("lock");
  link_->send("state");
  send_questions(questions);
  link_->end_round();
  Facts facts = take_facts(questions);
  link_->round_over();
  if (counts) facts.head = counted;
  remembered_.read(facts);
  GANTRY_FAIL_POINT("append.after_log_lock");
  return facts;
}

// What is not asked costs nothing.
void PgStore::send_questions(const Questions& questions) {
  const auto add_now = [this](PgValues& values) {
    if (clock_.instead())
      values.add(clock_.now().us());
    else
      values.add_null();
  };
  if (!questions.streams.empty()) link_->send("streams", fresh().add(questions.streams));
  if (!questions.events.empty()) link_->send("known", fresh().add(questions.events));
  if (!questions.scopes.empty()) {
    add_now(fresh().add_bytea(questions.scopes));
    link_->send("owners", values_);
  }
  if (!questions.timers.empty()) {
    std::vector<std::string_view> streams, keys;
    std::vector<int64_t> revisions;
    for (const DueTimer* timer : questions.timers) {
      streams.push_back(timer->stream);
      keys.push_back(timer->key);
      revisions.push_back(timer->revision);
    }
    fresh().add(streams).add(keys).add(revisions);
    if (GANTRY_MUTATED("timer_early"))
      values_.add(std::numeric_limits<int64_t>::max());
    else
      add_now(values_);
    link_->send("due", values_);
  }
}

Facts PgStore::take_facts(const Questions& questions) {
  Facts facts;
  link_->take();  // BEGIN
  link_->take();  // the lock
  const PgRows state = link_->take();
  facts.head = state.integer(0, 0);
  facts.last_stream_id = state.integer(0, 1);
  repairs_ = state.integer(0, 3);
  clock_.reading(Instant(state.integer(0, 2)));
  facts.now = clock_.instead() ? clock_.now() : Instant(state.integer(0, 2));

  const auto place = [](const PgRows& rows, int row) {
    return static_cast<size_t>(rows.integer(row, 0) - 1);
  };
  facts.streams.resize(questions.streams.size());
  facts.events.resize(questions.events.size());
  facts.answers.resize(questions.scopes.size());
  facts.timers.resize(questions.timers.size());
  if (!questions.streams.empty()) {
    const PgRows rows = link_->take();
    for (int i = 0; i < rows.count(); ++i)
      facts.streams[place(rows, i)] = {rows.integer(i, 1), rows.integer(i, 2), rows.uuid(i, 3)};
  }
  if (!questions.events.empty()) {
    const PgRows rows = link_->take();
    for (int i = 0; i < rows.count(); ++i) facts.events[place(rows, i)] = rows.integer(i, 1);
  }
  if (!questions.scopes.empty()) {
    const PgRows rows = link_->take();
    for (int i = 0; i < rows.count(); ++i) {
      facts.answers[place(rows, i)] =
          AnswerOwner{rows.uuid(i, 1), static_cast<int>(rows.integer(i, 2)), rows.integer(i, 3)};
    }
  }
  if (!questions.timers.empty()) {
    const PgRows rows = link_->take();
    for (int i = 0; i < rows.count(); ++i)
      facts.timers[place(rows, i)] = std::string(rows.text(i, 1));
  }
  return facts;
}

std::vector<EventPtr> PgStore::look(Position first, uint32_t count) {
  return events_of(link_->ask("look", fresh().add(first).add(int64_t{count})));
}

Ending PgStore::commit(const Changes& changes, std::string& why) {
  size_t statements = 0;
  bool asked = false;  // COMMIT may have left
  bool ended = false;  // PostgreSQL has said what became of it
  try {
    GANTRY_FAIL_POINT("append.before_insert");
    if (!changes.events.empty()) {
      // First, because it is short: while it is away the rows may take their time, where the
      // database would take silence in a transaction for idleness.
      GANTRY_FAIL_POINT("append.before_notify");
      link_->send("notify");
      push_if_armed();
      ++statements;
    }
    statements += send_changes(*link_, values_, changes);
    push_if_armed();
    GANTRY_FAIL_POINT("append.after_insert");
    GANTRY_FAIL_POINT("append.before_commit");
    asked = true;
    link_->send("commit");
    link_->end_round();
    for (size_t i = 0; i < statements; ++i) link_->take();
    const PgRows done = link_->take();
    link_->round_over();
    ended = true;
    GANTRY_FAIL_POINT("append.after_commit");  // an error here: the answer to COMMIT was lost
    return ending_of(done, changes, why);
  } catch (const Error& e) {
    if (!asked) {  // nothing is written, and answers to half a round may still come
      link_.reset();
      throw;
    }
    if (link_->sound() && !ended) throw;  // a row could not be written
    why = e.detail();
  }
  return settle(changes, why);
}

// With points to wait at between the pieces there must be pieces. Who counts before the lock must
// take it.
std::optional<Facts> PgStore::remembered(const Questions& questions) {
  if (runtime::are_fail_points_armed() || GANTRY_MUTATED("no_log_lock")) return std::nullopt;
  if (!link_ || !link_->silent()) return std::nullopt;  // it may have been closed meanwhile
  return remembered_.answers(questions, clock_.now());
}

Ending PgStore::commit_remembered(const Questions& questions, const Changes& changes,
                                  std::string& why) {
  try {
    link_->send("begin");
    link_->send("lock");
    fresh().add(remembered_.head()).add(remembered_.head_id()).add(questions.events);
    add_events(values_, changes);
    link_->send("append", values_.add(repairs_));
    link_->send("commit");
    link_->end_round();
    link_->take();  // BEGIN
    link_->take();  // the lock
    const bool fits = link_->take().count() == 1;
    const PgRows done = link_->take();
    link_->round_over();
    if (!fits) {
      remembered_.forget();
      return Ending::kStale;
    }
    return ending_of(done, changes, why);
  } catch (const Error& e) {
    if (link_->sound()) throw;  // it was refused, and is not committed
    why = e.detail();
  }
  return settle(changes, why);
}

// What COMMIT was answered with: a transaction in which something failed ends in a ROLLBACK,
// without an error.
Ending PgStore::ending_of(const PgRows& done, const Changes& changes, std::string& why) {
  if (done.tag() == "COMMIT") {
    remembered_.wrote(changes);
    return Ending::kCommitted;
  }
  why = "PostgreSQL rolled the transaction back";
  return Ending::kNothing;
}

// All statements leave in one piece, unless a point between two of them may be waited at: then the
// database is at work on those before it.
void PgStore::push_if_armed() {
  if (runtime::are_fail_points_armed()) link_->push();
}

// The connection broke with a COMMIT under way. The server process that had it may still be at
// work, and holds the log's lock until it is done: whoever gets the lock after it can look. It may
// also not have begun, where lock and rows had left in one piece with the COMMIT; so what is not
// there is sealed off: those rows then find the log not as remembered, whenever they come.
Ending PgStore::settle(const Changes& changes, std::string& why) noexcept {
  if (changes.events.empty()) return Ending::kUnknown;  // nothing to recognise it by
  const EventView& last = changes.events.back().event;
  const int64_t give_up_ns =
      pace_.monotonic_ns() + std::chrono::nanoseconds(options_.settle_max).count();
  Questions question;
  question.events.push_back(last.id);
  for (;;) {
    try {
      reconnect();
      if (begin(question).events[0] == last.position) {
        link_->ask("rollback");
        return Ending::kCommitted;
      }
      link_->ask("seal");
      link_->ask("commit");
      return Ending::kNothing;
    } catch (const Error& e) {
      if (pace_.monotonic_ns() >= give_up_ns) {
        why = join(why, "; then ", e.detail());
        return Ending::kUnknown;
      }
    } catch (const std::exception& e) {
      why = e.what();
      return Ending::kUnknown;
    }
    runtime::pause(kRetryAfter);
  }
}

bool PgStore::roll_back() noexcept {
  if (!link_ || !link_->sound()) return false;
  try {
    if (link_->in_transaction()) link_->ask("rollback");
    return link_->sound();
  } catch (const Error&) {
    return false;
  }
}

uint32_t PgStore::sweep_answers(uint32_t max) {
  fresh();
  if (clock_.instead())
    values_.add(clock_.now().us());
  else
    values_.add_null();
  return static_cast<uint32_t>(link_->ask("sweep", values_.add(int64_t{max})).changed());
}

}  // namespace gantry::log
