#include "core/log/timer_rows.hpp"

#include "core/log/event_rows.hpp"

namespace gantry::log {
using sql::Execution;

TimerRows::TimerRows(sqlite3* db)
    : set_(db,
           "INSERT INTO es_timer (stream, key, revision, due_at, payload, status, command) "
           "VALUES (?1, ?2, 1, ?3, ?4, 0, ?5) "
           "ON CONFLICT (stream, key) DO UPDATE SET revision = revision + 1, due_at = "
           "excluded.due_at, "
           "payload = excluded.payload, status = 0, command = excluded.command "
           "WHERE command <> excluded.command"),
      cancel_(db, "UPDATE es_timer SET status = 2 WHERE stream = ?1 AND key = ?2 AND status = 0"),
      fire_(db,
            "UPDATE es_timer SET status = 1 WHERE stream = ?1 AND key = ?2 AND revision = ?3 AND "
            "status = 0"),
      payload_(db,
               "SELECT payload FROM es_timer WHERE stream = ?1 AND key = ?2 AND revision = ?3 AND "
               "status = 0 AND due_at <= ?4"),
      pending_(db,
               "SELECT stream, key, revision, due_at FROM es_timer WHERE status = 0 ORDER BY "
               "due_at LIMIT ?") {}

std::optional<std::string> TimerRows::payload(const DueTimer& due, Instant now) {
  const Execution execution(payload_);
  payload_.bind(due.stream, due.key, due.revision, now.us());
  if (!payload_.step()) return std::nullopt;
  return std::string(payload_.text(0));
}

void TimerRows::change(const TimerChange& change) {
  switch (change.kind) {
    case TimerChange::Kind::kSet:
      set_.bind(change.stream, change.key, change.due.us(), change.payload,
                blob_of(change.command));
      return set_.run();
    case TimerChange::Kind::kCancel:
      cancel_.bind(change.stream, change.key);
      return cancel_.run();
    case TimerChange::Kind::kFire:
      fire_.bind(change.stream, change.key, change.revision);
      return fire_.run();
  }
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

}  // namespace gantry::log
