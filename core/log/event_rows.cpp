#include "core/log/event_rows.hpp"

#include <sqlite3.h>

#include <cstring>

#include "core/log/crc32.hpp"
#include "gantry/text.hpp"

namespace gantry::log {
namespace {
using sql::Execution;

uint32_t crc_of_number(uint64_t number, uint32_t before) {
  char bytes[8];
  for (auto& byte : bytes) {
    byte = static_cast<char>(number & 0xff);
    number >>= 8;
  }
  return crc32({bytes, sizeof bytes}, before);
}

// With its length, so that bytes cannot move from one field to the next unseen.
uint32_t crc_of_text(std::string_view text, uint32_t before) {
  return crc32(text, crc_of_number(text.size(), before));
}
}  // namespace

uint32_t checksum_of(const Event& event) {
  uint32_t crc = crc_of_number(static_cast<uint64_t>(event.position), 0);
  crc = crc_of_number(static_cast<uint64_t>(event.version), crc);
  crc = crc_of_number(static_cast<uint64_t>(event.recorded_at.us()), crc);
  crc = crc32(blob_of(event.id).bytes, crc);
  crc = crc_of_text(event.stream, crc);
  crc = crc_of_text(event.type, crc);
  crc = crc_of_text(event.data, crc);
  return crc_of_text(event.meta, crc);
}

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
  if (checksum_of(event) != row.integer(7)) {
    throw Error(Code::kInternal,
                join("the event at position ", event.position, " is damaged: checksum mismatch"));
  }
}

EventRows::EventRows(sqlite3* db)
    : db_(db),
      head_(db, "SELECT max(position) FROM es_event"),
      stream_(db, "SELECT stream_id, version FROM es_stream WHERE name = ?"),
      position_of_(db, "SELECT position FROM es_event WHERE event_id = ?"),
      read_at_(db, "SELECT " GANTRY_EVENT_COLUMNS "WHERE e.position = ?"),
      insert_stream_(db, "INSERT INTO es_stream (name, version) VALUES (?, ?)"),
      update_stream_(db, "UPDATE es_stream SET version = ? WHERE stream_id = ?"),
      insert_(db,
              "INSERT INTO es_event (position, stream_id, version, event_id, type, data, meta, "
              "recorded_at, crc32) "
              "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)") {}

Position EventRows::head() {
  const Execution execution(head_);
  return head_.step() ? head_.integer(0) : 0;  // max() of no rows is NULL, which reads as 0
}

StreamRow EventRows::stream(std::string_view name) {
  const Execution execution(stream_);
  stream_.bind(name);
  if (!stream_.step()) return {};
  return {stream_.integer(0), stream_.integer(1)};
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

int64_t EventRows::move_stream(const StreamRow& was, std::string_view name, int64_t version) {
  if (was.id != 0) {
    update_stream_.bind(version, was.id);
    update_stream_.run();
    return was.id;
  }
  insert_stream_.bind(name, version);
  insert_stream_.run();
  return sqlite3_last_insert_rowid(db_);
}

void EventRows::insert(const Event& event, int64_t stream_id) {
  insert_.bind(event.position, stream_id, event.version, blob_of(event.id), event.type, event.data,
               event.meta, event.recorded_at.us(), int64_t{checksum_of(event)});
  insert_.run();
}

}  // namespace gantry::log
