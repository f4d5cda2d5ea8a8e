// Read model of events: what GET /api/events and GET /api/events/{id} show.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gantry/ask.hpp"
#include "gantry/sql.hpp"
#include "ticketed_event.hpp"

namespace gantry::events {

// event_view_projection.cpp: rows of one event of a stream "event-*".
void project_event(const Host& host, const StoredEvent& stored, const Rows& rows);

struct EventRow {
  std::string id;
  std::string owner_id;
  std::string state;
  Instant created_at, updated_at;
  int64_t version = 0;
  std::string details;  // JSON, as write_details() wrote it
};

// As event_json() of the event's state. The details go into the answer as they are: to read them
// and write them again costs half of what a look-up costs.
std::string event_json(const EventRow& row);

// What a list is narrowed to; empty or nullopt: no matter.
struct EventFilter {
  std::string state;
  std::string owner_id;
  std::string title_prefix;
  std::optional<Instant> from, to;  // starts_at, both included
  // Whose drafts are in the list; drafts of all when `all_drafts`.
  std::string viewer;
  bool all_drafts = false;
};

// Place of an event in the list, newest first.
struct EventCursor {
  Instant created_at;
  std::string id;
};

// event_view_query.cpp
// One event by its id, for Context::ask; its rows are read by event_from().
extern const std::string_view kFindEvent;
std::optional<EventRow> event_from(const SqlRows& rows);
// At most `count` after the cursor.
std::vector<EventRow> list_events(const Host& host, const EventFilter& filter,
                                  const std::optional<EventCursor>& after, uint32_t count);

// Lower case of ASCII letters, for the search by prefix.
std::string folded(std::string_view title);

}  // namespace gantry::events
