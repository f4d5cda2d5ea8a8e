// log::EventRows: rows of es_stream and es_event through one connection, for the append path and
// for readers.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/log/store.hpp"
#include "core/sql/sqlite_statement.hpp"

namespace gantry::log {

// What every query for events selects, in the order that read_event() expects.
#define GANTRY_EVENT_COLUMNS                                                                   \
  "e.position, e.version, e.event_id, e.type, e.data, e.meta, e.recorded_at, e.crc32, s.name " \
  "FROM es_event e JOIN es_stream s ON s.stream_id = e.stream_id "

// The current row as an event; reuses the strings of `event`.  throws Internal  checksum mismatch
void read_event(const sql::SqliteStatement& row, Event& event);

// A uuid as the 16 bytes it is stored as.
inline sql::Blob blob_of(const Uuid& id) {
  return {{reinterpret_cast<const char*>(id.bytes().data()), id.bytes().size()}};
}
//   throws Internal  not 16 bytes
Uuid uuid_of(std::string_view bytes);

class EventRows {
 public:
  explicit EventRows(sqlite3* db);

  Position head();
  int64_t last_stream_id();
  StreamRow stream(std::string_view name);
  // Position of the event of that id, 0 when there is none.
  Position position_of(const Uuid& event_id);
  // throws Internal  there is none, or it is damaged
  void read_at(Position position, Event& event);
  // Ascending, position > after; descending, position < before.
  std::vector<EventPtr> read(Position after, uint32_t max);
  std::vector<EventPtr> read_back(Position before, uint32_t max);

  void insert(const StreamChange& stream);
  void insert(const EventRow& row);

 private:
  std::vector<EventPtr> read_with(sql::SqliteStatement& statement, Position from, uint32_t max);

  sql::SqliteStatement head_, last_stream_id_, stream_, position_of_, read_at_, read_, read_back_,
      insert_stream_, insert_;
};

}  // namespace gantry::log
