#include "core/log/pg_store.hpp"

#include <limits>
#include <set>

#include "core/log/pg_rows.hpp"
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

const std::vector<PgStatement>& statements() {
  static const std::vector<PgStatement> list = {
      {"settings", kPointLookups},
      {"patience", "SELECT set_config('idle_in_transaction_session_timeout', $1::text, false)"},
      {"begin", "BEGIN ISOLATION LEVEL READ COMMITTED"},
      {"commit", "COMMIT"},
      {"rollback", "ROLLBACK"},
      // The second key is the log: 0, the default one. The first says "GLog".
      {"lock", "SELECT pg_advisory_xact_lock(1196183399, 0)"},
      {"state",
       "SELECT coalesce((SELECT max(position) FROM es_event), 0),"
       " coalesce((SELECT max(stream_id) FROM es_stream), 0), " GANTRY_PG_NOW},
      {"streams",
       "SELECT n.i, s.stream_id, s.version, e.event_id"
       " FROM unnest($1::text[]) WITH ORDINALITY n(name, i)"
       " JOIN es_stream s ON s.name = n.name"
       " JOIN es_event e ON e.stream_id = s.stream_id AND e.version = s.version"},
      {"known",
       "SELECT n.i, e.position FROM unnest($1::uuid[]) WITH ORDINALITY n(id, i)"
       " JOIN es_event e ON e.event_id = n.id"},
      {"owners",
       "SELECT n.i, a.command, a.status, a.position"
       " FROM unnest($1::bytea[]) WITH ORDINALITY n(scope, i) JOIN es_answer a ON a.scope = n.scope"
       " WHERE a.expires_at > coalesce($2::bigint, " GANTRY_PG_NOW ")"},
      {"due",
       "SELECT n.i, t.payload"
       " FROM unnest($1::text[], $2::text[], $3::bigint[]) WITH ORDINALITY n(stream, key, "
       "revision, i)"
       " JOIN es_timer t ON t.stream = n.stream AND t.key = n.key AND t.revision = n.revision"
       " WHERE t.status = 0 AND t.due_at <= coalesce($4::bigint, " GANTRY_PG_NOW ")"},
      {"look", "SELECT " GANTRY_PG_EVENT_COLUMNS
               "WHERE e.position >= $1::bigint ORDER BY e.position LIMIT $2::bigint"},
      {"new_streams",
       "INSERT INTO es_stream (stream_id, name, version)"
       " SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[])"},
      {"move_streams",
       "UPDATE es_stream s SET version = n.version FROM unnest($1::bigint[], $2::bigint[])"
       " n(id, version) WHERE s.stream_id = n.id"},
      {"events",
       "INSERT INTO es_event (position, stream_id, version, event_id, type, data, meta, "
       "recorded_at,"
       " crc32) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::uuid[],"
       " $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[])"},
      {"set_timers",
       "INSERT INTO es_timer AS t (stream, key, revision, due_at, payload, status, command)"
       " SELECT n.stream, n.key, 1, n.due_at, n.payload, 0, n.command"
       " FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::uuid[])"
       " n(stream, key, due_at, payload, command)"
       " ON CONFLICT (stream, key) DO UPDATE SET revision = t.revision + 1, due_at = "
       "excluded.due_at,"
       " payload = excluded.payload, status = 0, command = excluded.command"
       " WHERE t.command <> excluded.command"},
      {"cancel_timers",
       "UPDATE es_timer t SET status = 2 FROM unnest($1::text[], $2::text[]) n(stream, key)"
       " WHERE t.stream = n.stream AND t.key = n.key AND t.status = 0"},
      {"fire_timers",
       "UPDATE es_timer t SET status = 1"
       " FROM unnest($1::text[], $2::text[], $3::bigint[]) n(stream, key, revision)"
       " WHERE t.stream = n.stream AND t.key = n.key AND t.revision = n.revision AND t.status = 0"},
      {"answers",
       "INSERT INTO es_answer (scope, fingerprint, command, status, headers, body, position,"
       " expires_at) SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::uuid[], $4::bigint[],"
       " $5::bytea[], $6::bytea[], $7::bigint[], $8::bigint[])"
       " ON CONFLICT (scope) DO UPDATE SET fingerprint = excluded.fingerprint,"
       " command = excluded.command, status = excluded.status, headers = excluded.headers,"
       " body = excluded.body, position = excluded.position, expires_at = excluded.expires_at"},
      {"sweep",
       "DELETE FROM es_answer WHERE scope IN (SELECT scope FROM es_answer"
       " WHERE expires_at <= coalesce($1::bigint, " GANTRY_PG_NOW
       ") ORDER BY expires_at LIMIT $2::bigint)"},
      {"touch", "UPDATE es_log SET name = name WHERE log_id = 0"},
      {"notify", "SELECT pg_notify('gantry_log', '')"},
  };
  return list;
}

}  // namespace

PgStore::PgStore(const std::string& conninfo, const PgLogOptions& options, PgClock& clock,
                 const base::Clock& pace)
    : conninfo_(conninfo), options_(options), clock_(clock), pace_(pace) {
  reconnect();
}

void PgStore::reconnect() {
  link_.reset();
  link_ = std::make_unique<PgLink>(conninfo_, statements(), options_.answer_max);
  link_->ask("settings");
  // Whoever stands still between its two rounds has the lock that everybody else waits for.
  link_->ask("patience",
             fresh().add(join(options_.database.postgresql.append_idle_timeout.count(), "ms")));
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
  link_->send("begin");
  link_->send("lock");
  link_->send("state");
  send_questions(questions);
  link_->end_round();
  Facts facts = take_facts(questions);
  link_->round_over();
  if (counts) facts.head = counted;
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
    statements = send_changes(changes);
    push_if_armed();
    GANTRY_FAIL_POINT("append.after_insert");
    if (!changes.events.empty()) {
      GANTRY_FAIL_POINT("append.before_notify");
      link_->send("notify");
      push_if_armed();
    }
    statements += !changes.events.empty();
    GANTRY_FAIL_POINT("append.before_commit");
    asked = true;
    link_->send("commit");
    link_->end_round();
    for (size_t i = 0; i < statements; ++i) link_->take();
    const PgRows done = link_->take();
    link_->round_over();
    ended = true;
    GANTRY_FAIL_POINT("append.after_commit");  // an error here: the answer to COMMIT was lost
    // A transaction in which something failed ends in a ROLLBACK, without an error.
    if (done.tag() == "COMMIT") return Ending::kCommitted;
    why = "PostgreSQL rolled the transaction back";
    return Ending::kNothing;
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

// All statements leave in one piece, unless a point between two of them may be waited at: then the
// database is at work on those before it.
void PgStore::push_if_armed() {
  if (runtime::are_fail_points_armed()) link_->push();
}

size_t PgStore::send_changes(const Changes& changes) {
  size_t sent = send_streams(changes);
  if (!changes.events.empty()) {
    send_events(changes.events);
    ++sent;
  }
  sent += send_timers(changes.timers);
  if (!changes.answers.empty()) {
    send_answers(changes.answers);
    ++sent;
  }
  if (changes.touch) link_->send("touch");
  return sent + size_t{changes.touch};
}

size_t PgStore::send_streams(const Changes& changes) {
  std::vector<int64_t> new_ids, new_versions, ids, versions;
  std::vector<std::string_view> names;
  for (const auto& stream : changes.streams) {
    (stream.fresh ? new_ids : ids).push_back(stream.id);
    (stream.fresh ? new_versions : versions).push_back(stream.version);
    if (stream.fresh) names.push_back(stream.name);
  }
  if (!ids.empty()) link_->send("move_streams", fresh().add(ids).add(versions));
  if (!new_ids.empty())
    link_->send("new_streams", fresh().add(new_ids).add(names).add(new_versions));
  return size_t{!ids.empty()} + size_t{!new_ids.empty()};
}

void PgStore::send_events(const std::vector<EventRow>& rows) {
  std::vector<int64_t> positions, streams, versions, recorded, sums;
  std::vector<Uuid> ids;
  std::vector<std::string_view> types, data, metas;
  for (const auto& [event, stream_id] : rows) {
    positions.push_back(event.position);
    streams.push_back(stream_id);
    versions.push_back(event.version);
    ids.push_back(event.id);
    types.push_back(event.type);
    data.push_back(event.data);
    metas.push_back(event.meta);
    recorded.push_back(event.recorded_at.us());
    sums.push_back(checksum_of(event));
  }
  link_->send("events", fresh()
                            .add(positions)
                            .add(streams)
                            .add(versions)
                            .add(ids)
                            .add(types)
                            .add(data)
                            .add(metas)
                            .add(recorded)
                            .add(sums));
}

// In their order; as many at once as are of one kind and name each timer once.
size_t PgStore::send_timers(const std::vector<TimerChange>& timers) {
  using Kind = TimerChange::Kind;
  size_t sent = 0;
  for (size_t begin = 0; begin < timers.size();) {
    const Kind kind = timers[begin].kind;
    std::set<std::pair<std::string_view, std::string_view>> named;
    std::vector<std::string_view> streams, keys, payloads;
    std::vector<int64_t> numbers;
    std::vector<Uuid> commands;
    size_t end = begin;
    for (; end < timers.size() && timers[end].kind == kind; ++end) {
      const TimerChange& timer = timers[end];
      if (!named.emplace(timer.stream, timer.key).second) break;
      streams.push_back(timer.stream);
      keys.push_back(timer.key);
      payloads.push_back(timer.payload);
      numbers.push_back(kind == Kind::kSet ? timer.due.us() : timer.revision);
      commands.push_back(timer.command);
    }
    fresh().add(streams).add(keys);
    if (kind == Kind::kSet)
      link_->send("set_timers", values_.add(numbers).add(payloads).add(commands));
    else if (kind == Kind::kFire)
      link_->send("fire_timers", values_.add(numbers));
    else
      link_->send("cancel_timers", values_);
    ++sent;
    begin = end;
  }
  return sent;
}

void PgStore::send_answers(const std::vector<AnswerChange>& answers) {
  std::vector<std::string_view> scopes, fingerprints, headers, bodies;
  std::vector<Uuid> commands;
  std::vector<int64_t> statuses, positions, expiries;
  for (const auto& [answer, position] : answers) {
    scopes.push_back(answer->scope);
    fingerprints.push_back(answer->fingerprint);
    commands.push_back(answer->command);
    statuses.push_back(answer->status);
    headers.push_back(answer->headers);
    bodies.push_back(answer->body);
    positions.push_back(position);
    expiries.push_back(answer->expires_at.us());
  }
  link_->send("answers", fresh()
                             .add_bytea(scopes)
                             .add_bytea(fingerprints)
                             .add(commands)
                             .add(statuses)
                             .add_bytea(headers)
                             .add_bytea(bodies)
                             .add(positions)
                             .add(expiries));
}

// The connection broke with a COMMIT under way. The server process that had it may still be at
// work, and holds the log's lock until it is done: whoever gets the lock after it can look.
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
      const Facts facts = begin(question);
      link_->ask("rollback");
      return facts.events[0] == last.position ? Ending::kCommitted : Ending::kNothing;
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
