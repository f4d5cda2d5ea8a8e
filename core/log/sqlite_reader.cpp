#include "core/log/sqlite_reader.hpp"

#include <limits>

namespace gantry::log {
namespace {
using sql::Execution;

constexpr int64_t kEnd = std::numeric_limits<int64_t>::max();

void visit_rows(sql::SqliteStatement& statement, std::string_view stream, int64_t from,
                uint32_t max, const std::function<bool(const Event&)>& visit) {
  const Execution execution(statement);
  statement.bind(stream, from, int64_t{max});
  Event event;
  while (statement.step()) {
    read_event(statement, event);
    if (!visit(event)) return;
  }
}

}  // namespace

SqliteReader::SqliteReader(const std::string& file, const sql::SqliteOptions& options,
                           const base::Clock& clock)
    : clock_(clock),
      connection_(file, options),
      events_(connection_.handle()),
      answers_(connection_.handle()),
      timers_(connection_.handle()),
      read_stream_(
          connection_.handle(),
          "SELECT " GANTRY_EVENT_COLUMNS
          "WHERE e.stream_id = (SELECT stream_id FROM es_stream WHERE name = ?) AND e.version > ? "
          "ORDER BY e.version LIMIT ?"),
      read_stream_back_(
          connection_.handle(),
          "SELECT " GANTRY_EVENT_COLUMNS
          "WHERE e.stream_id = (SELECT stream_id FROM es_stream WHERE name = ?) AND e.version < ? "
          "ORDER BY e.version DESC LIMIT ?"),
      snapshot_(connection_.handle(),
                "SELECT version, data FROM es_snapshot WHERE stream = ? AND schema_version = ?") {}

std::vector<EventPtr> SqliteReader::read(Position after, uint32_t max) {
  return events_.read(after, max);
}

std::vector<EventPtr> SqliteReader::read_back(Position before, uint32_t max) {
  return events_.read_back(before == 0 ? kEnd : before, max);
}

void SqliteReader::read_stream(std::string_view stream, int64_t after, uint32_t max,
                               const std::function<bool(const Event&)>& visit) {
  visit_rows(read_stream_, stream, after, max, visit);
}

void SqliteReader::read_stream_back(std::string_view stream, int64_t before, uint32_t max,
                                    const std::function<bool(const Event&)>& visit) {
  visit_rows(read_stream_back_, stream, before == 0 ? kEnd : before, max, visit);
}

std::optional<Event> SqliteReader::find(const Uuid& event_id) {
  const Position position = events_.position_of(event_id);
  if (position == 0) return std::nullopt;
  Event event;
  events_.read_at(position, event);
  return event;
}

std::optional<Snapshot> SqliteReader::snapshot(std::string_view stream, int64_t schema) {
  const Execution execution(snapshot_);
  snapshot_.bind(stream, schema);
  if (!snapshot_.step()) return std::nullopt;
  return Snapshot{std::string(stream), schema, snapshot_.integer(0),
                  std::string(snapshot_.text(1))};
}

}  // namespace gantry::log
