#include "core/log/event_rows.hpp"

#include <sqlite3.h>

#include <cstring>

#include "core/log/event_view.hpp"
#include "gantry/text.hpp"

namespace gantry::log {
namespace {
using sql::Execution;

}  // namespace

Uuid uuid_of(std::string_view bytes) {
  std::array<uint8_t, 16> raw;
  if (bytes.size() != raw.size())
    throw Error(Code::kInternal, join("a stored id has ", bytes.size(), " bytes"));
  std::memcpy(raw.data(), bytes.data(), raw.size());
  return Uuid(raw);
}

void read_event(const sql::SqliteStatement& row, Event& event) {
  event.position = row.integer(0);
  event.version = row.integer(1);
  event.id = uuid_of(row.text(2));
  event.type = row.text(3);
  event.data = row.text(4);
  event.meta = row.text(5);
  event.recorded_at = Instant(row.integer(6));
  event.stream = row.text(8);
  check_sum(event, row.integer(7));
}

EventRows::EventRows(sqlite3* db)
    : head_(db, "SELECT max(position) FROM es_event"),
      last_stream_id_(db, "SELECT max(stream_id) FROM es_stream"),
      stream_(db,
              "SELECT s.stream_id, e.version, e.event_id FROM es_stream s JOIN es_event e "
              "ON e.stream_id = s.stream_id WHERE s.name = ? ORDER BY e.version DESC LIMIT 1"),
      position_of_(db, "SELECT position FROM es_event WHERE event_id = ?"),
      read_at_(db, "SELECT " GANTRY_EVENT_COLUMNS "WHERE e.position = ?"),
      read_(db, "SELECT " GANTRY_EVENT_COLUMNS "WHERE e.position > ? ORDER BY e.position LIMIT ?"),
      read_back_(db, "SELECT " GANTRY_EVENT_COLUMNS
                     "WHERE e.position < ? ORDER BY e.position DESC LIMIT ?"),
      insert_stream_(db, "INSERT INTO es_stream (stream_id, name) VALUES (?, ?)"),
      insert_(db,
              "INSERT INTO es_event (position, stream_id, version, event_id, type, data, meta, "
              "recorded_at, crc32) "
              "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)") {}

Position EventRows::head() {
  const Execution execution(head_);
  return head_.step() ? head_.integer(0) : 0;  // max() of no rows is NULL, which reads as 0
}

int64_t EventRows::last_stream_id() {
  const Execution execution(last_stream_id_);
  return last_stream_id_.step() ? last_stream_id_.integer(0) : 0;
}

StreamRow EventRows::stream(std::string_view name) {
  const Execution execution(stream_);
  stream_.bind(name);
  if (!stream_.step()) return {};
  return {stream_.integer(0), stream_.integer(1), uuid_of(stream_.text(2))};
}

Position EventRows::position_of(const Uuid& event_id) {
  const Execution execution(position_of_);
  position_of_.bind(blob_of(event_id));
  return position_of_.step() ? position_of_.integer(0) : 0;
}

void EventRows::read_at(Position position, Event& event) {
  const Execution execution(read_at_);
  read_at_.bind(position);
  if (!read_at_.step())
    throw Error(Code::kInternal, join("there is no event at position ", position));
  read_event(read_at_, event);
}

std::vector<EventPtr> EventRows::read(Position after, uint32_t max) {
  return read_with(read_, after, max);
}

std::vector<EventPtr> EventRows::read_back(Position before, uint32_t max) {
  return read_with(read_back_, before, max);
}

std::vector<EventPtr> EventRows::read_with(sql::SqliteStatement& statement, Position from,
                                           uint32_t max) {
  std::vector<EventPtr> events;
  const Execution execution(statement);
  statement.bind(from, int64_t{max});
  while (statement.step()) {
    auto event = std::make_shared<Event>();  // shared by the tail's ring and its readers
    read_event(statement, *event);
    events.push_back(std::move(event));
  }
  return events;
}

void EventRows::insert(const StreamChange& stream) {
  insert_stream_.bind(stream.id, stream.name);
  insert_stream_.run();
}

void EventRows::insert(const EventRow& row) {
  const EventView& event = row.event;
  insert_.bind(event.position, row.stream_id, event.version, blob_of(event.id), event.type,
               event.data, event.meta, event.recorded_at.us(), int64_t{checksum_of(event)});
  insert_.run();
}

}  // namespace gantry::log
