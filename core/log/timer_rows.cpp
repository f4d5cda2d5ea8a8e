#include "core/log/timer_rows.hpp"

#include "core/log/event_rows.hpp"
#include "gantry/json_writer.hpp"
#include "gantry/text.hpp"

namespace gantry::log {
namespace {
using sql::Execution;

// Name space of timer ids: uuid5 of the nil uuid and "gantry.timer".
Uuid timer_space() { return uuid5(Uuid(), "gantry.timer"); }
}  // namespace

TimerRows::TimerRows(sqlite3* db)
    : set_(db,
           "INSERT INTO es_timer (stream, key, revision, due_at, payload, status, command) "
           "VALUES (?1, ?2, 1, ?3, ?4, 0, ?5) "
           "ON CONFLICT (stream, key) DO UPDATE SET revision = revision + 1, due_at = "
           "excluded.due_at, "
           "payload = excluded.payload, status = 0, command = excluded.command "
           "WHERE command <> excluded.command RETURNING revision"),
      cancel_(db, "UPDATE es_timer SET status = 2 WHERE stream = ?1 AND key = ?2 AND status = 0"),
      claim_(db,
             "UPDATE es_timer SET status = 1 WHERE stream = ?1 AND key = ?2 AND revision = ?3 AND "
             "status = 0 "
             "AND due_at <= ?4 RETURNING payload"),
      pending_(db,
               "SELECT stream, key, revision, due_at FROM es_timer WHERE status = 0 ORDER BY "
               "due_at LIMIT ?") {}

bool TimerRows::set(const TimerSet& timer, const Uuid& command) {
  const Execution execution(set_);
  set_.bind(timer.stream, timer.key, timer.due.us(), timer.payload, blob_of(command));
  const bool changed = set_.step();
  while (changed && set_.step()) {  // RETURNING is done only when stepped to the end
  }
  return changed;
}

void TimerRows::cancel(const TimerCancel& timer) {
  const Execution execution(cancel_);
  cancel_.bind(timer.stream, timer.key);
  cancel_.run();
}

std::optional<std::string> TimerRows::claim(const DueTimer& due, Instant now) {
  const Execution execution(claim_);
  claim_.bind(due.stream, due.key, due.revision, now.us());
  if (!claim_.step()) return std::nullopt;
  std::string payload(claim_.text(0));
  while (claim_.step()) {
  }
  return payload;
}

std::vector<DueTimer> TimerRows::pending(uint32_t max) {
  const Execution execution(pending_);
  pending_.bind(int64_t{max});
  std::vector<DueTimer> found;
  while (pending_.step()) {
    found.push_back({std::string(pending_.text(0)), std::string(pending_.text(1)),
                     pending_.integer(2), Instant(pending_.integer(3))});
  }
  return found;
}

Uuid fired_id(const DueTimer& timer) {
  // A stream's name holds no control character, so the pair cannot be read in two ways.
  const Uuid id = uuid5(timer_space(), join(timer.stream, '\n', timer.key));
  return uuid5(id, to_text(timer.revision));
}

std::string fired_data(const DueTimer& timer, std::string_view payload) {
  JsonWriter json;
  json.object().field("key", timer.key).field("due_at", timer.due).raw("payload", payload).end();
  return std::move(json).text();
}

}  // namespace gantry::log
