// What PostgreSQL's rows of the log look like to those who read them.
#pragma once
#include <string>
#include <string_view>

#include "core/log/event_view.hpp"
#include "core/log/pg_link.hpp"

namespace gantry::log {

// What every query for events selects, in the order that read_event() expects; the name of the
// stream last, where the asker does not know it.
#define GANTRY_PG_EVENT_FIELDS \
  "e.position, e.version, e.event_id, e.type, e.data, e.meta, e.recorded_at, e.crc32"
#define GANTRY_PG_EVENT_COLUMNS \
  GANTRY_PG_EVENT_FIELDS        \
  ", s.name "                   \
  "FROM es_event e JOIN es_stream s ON s.stream_id = e.stream_id "

// The row of an event of `stream`; reuses the strings of `event`.  throws Internal  checksum
// mismatch
inline void read_event(const PgRows& rows, int row, std::string_view stream, Event& event) {
  event.position = rows.integer(row, 0);
  event.version = rows.integer(row, 1);
  event.id = rows.uuid(row, 2);
  event.type = rows.text(row, 3);
  event.data = rows.text(row, 4);
  event.meta = rows.text(row, 5);
  event.recorded_at = Instant(rows.integer(row, 6));
  event.stream = stream;
  check_sum(event, rows.integer(row, 7));
}
inline void read_event(const PgRows& rows, int row, Event& event) {
  read_event(rows, row, rows.text(row, 8), event);
}

inline std::vector<EventPtr> events_of(const PgRows& rows) {
  std::vector<EventPtr> events;
  for (int row = 0; row < rows.count(); ++row) {
    auto event = std::make_shared<Event>();  // shared by the tail's ring and its readers
    read_event(rows, row, *event);
    events.push_back(std::move(event));
  }
  return events;
}

// What each connection of the log is told first. Every statement finds rows by key, and its plan is
// made once, when the tables may still be empty: without this a plan of then would read whole
// tables later, or each execution would be planned anew, which costs as much as most of them do.
inline constexpr const char* kPointLookups =
    "SELECT set_config('enable_seqscan', 'off', false), set_config('enable_hashjoin', 'off', "
    "false), set_config('enable_mergejoin', 'off', false), set_config('jit', 'off', false), "
    "set_config('plan_cache_mode', 'force_generic_plan', false)";

// The database's time in microseconds, as an expression.
#define GANTRY_PG_NOW "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"

}  // namespace gantry::log
