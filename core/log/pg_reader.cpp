#include "core/log/pg_reader.hpp"

#include <algorithm>
#include <limits>

#include "core/log/pg_rows.hpp"

namespace gantry::log {
namespace {

constexpr int64_t kEnd = std::numeric_limits<int64_t>::max();
constexpr uint32_t kStreamPage =
    1000;  // events of one answer: a long stream never lies in memory whole

constexpr int kVersionColumn = 1;  // of GANTRY_PG_EVENT_FIELDS

// Takes the page that was asked for and that nobody wants any more off the connection.
struct Unread {
  PgLink* link;
  ~Unread() {
    if (link == nullptr) return;
    try {
      link->take();
      link->round_over();
    } catch (const Error&) {  // then the connection is not sound, which its next user sees
    }
  }
};

const std::vector<PgStatement>& statements() {
  static const std::vector<PgStatement> list = {
      {"settings", kPointLookups},
      {"head", "SELECT coalesce((SELECT max(position) FROM es_event), 0), " GANTRY_PG_NOW},
      {"read", "SELECT " GANTRY_PG_EVENT_COLUMNS
               "WHERE e.position > $1::bigint ORDER BY e.position LIMIT $2::bigint"},
      {"read_back", "SELECT " GANTRY_PG_EVENT_COLUMNS
                    "WHERE e.position < $1::bigint ORDER BY e.position DESC LIMIT $2::bigint"},
      {"stream", "SELECT " GANTRY_PG_EVENT_FIELDS " FROM es_event e WHERE e.stream_id = (SELECT "
                 "stream_id FROM es_stream WHERE name = $1::text)"
                 " AND e.version > $2::bigint ORDER BY e.version LIMIT $3::bigint"},
      {"stream_back",
       "SELECT " GANTRY_PG_EVENT_FIELDS " FROM es_event e WHERE e.stream_id = (SELECT stream_id "
       "FROM es_stream WHERE name = $1::text)"
       " AND e.version < $2::bigint ORDER BY e.version DESC LIMIT $3::bigint"},
      {"version",
       "SELECT coalesce(max(version), 0) FROM es_event WHERE stream_id = (SELECT "
       "stream_id FROM es_stream WHERE name = $1::text)"},
      {"find", "SELECT " GANTRY_PG_EVENT_COLUMNS "WHERE e.event_id = $1::uuid"},
      {"answer",
       "SELECT fingerprint, command, status, headers, body, position, expires_at FROM es_answer"
       " WHERE scope = $1::bytea AND expires_at > coalesce($2::bigint, " GANTRY_PG_NOW ")"},
      {"snapshot",
       "SELECT version, data FROM es_snapshot WHERE stream = $1::text AND schema_version = "
       "$2::bigint"},
      {"pending",
       "SELECT stream, key, revision, due_at FROM es_timer WHERE status = 0 ORDER BY due_at"
       " LIMIT $1::bigint"},
  };
  return list;
}

}  // namespace

PgReader::PgReader(const std::string& conninfo, std::chrono::milliseconds answer_max,
                   PgClock& clock)
    : clock_(clock), link_(conninfo, statements(), answer_max) {
  link_.ask("settings");
}

Position PgReader::head() {
  const PgRows rows = link_.ask("head");
  clock_.reading(Instant(rows.integer(0, 1)));
  return rows.integer(0, 0);
}

std::vector<EventPtr> PgReader::read(Position after, uint32_t max) {
  return events_of(link_.ask("read", PgValues().add(after).add(int64_t{max})));
}

std::vector<EventPtr> PgReader::read_back(Position before, uint32_t max) {
  const Position from = before == 0 ? kEnd : before;
  return events_of(link_.ask("read_back", PgValues().add(from).add(int64_t{max})));
}

void PgReader::read_stream(std::string_view stream, int64_t after, uint32_t max,
                           const std::function<bool(const Event&)>& visit) {
  read_pages("stream", stream, after, max, visit);
}

void PgReader::read_stream_back(std::string_view stream, int64_t before, uint32_t max,
                                const std::function<bool(const Event&)>& visit) {
  read_pages("stream_back", stream, before == 0 ? kEnd : before, max, visit);
}

// While one page is handed out, the server is at work on the next.
void PgReader::read_pages(const char* statement, std::string_view stream, int64_t from,
                          uint32_t max, const std::function<bool(const Event&)>& visit) {
  const auto ask = [&] {
    const uint32_t page = std::min(max, kStreamPage);
    link_.send(statement, PgValues().add(stream).add(from).add(int64_t{page}));
    link_.end_round();
    max -= page;
    return static_cast<int>(page);
  };
  if (max == 0) return;
  Event event;
  for (int asked = ask(); asked > 0;) {
    const PgRows rows = link_.take();
    link_.round_over();
    const bool more = rows.count() == asked && max > 0;
    if (more) from = rows.integer(rows.count() - 1, kVersionColumn);
    asked = more ? ask() : 0;
    Unread unread{more ? &link_ : nullptr};
    for (int row = 0; row < rows.count(); ++row) {
      read_event(rows, row, stream, event);
      if (!visit(event)) return;
    }
    unread.link = nullptr;
  }
}

int64_t PgReader::stream_version(std::string_view stream) {
  return link_.ask("version", PgValues().add(stream)).integer(0, 0);
}

std::optional<Event> PgReader::find(const Uuid& event_id) {
  const PgRows rows = link_.ask("find", PgValues().add(event_id));
  if (rows.count() == 0) return std::nullopt;
  Event event;
  read_event(rows, 0, event);
  return event;
}

std::optional<StoredAnswer> PgReader::answer(std::string_view scope) {
  PgValues values;
  values.add(scope);
  if (clock_.instead())
    values.add(clock_.now().us());
  else
    values.add_null();
  const PgRows rows = link_.ask("answer", values);
  if (rows.count() == 0) return std::nullopt;
  StoredAnswer answer;
  answer.scope = scope;
  answer.fingerprint = rows.text(0, 0);
  answer.command = rows.uuid(0, 1);
  answer.status = static_cast<int>(rows.integer(0, 2));
  answer.headers = rows.text(0, 3);
  answer.body = rows.text(0, 4);
  answer.position = rows.integer(0, 5);
  answer.expires_at = Instant(rows.integer(0, 6));
  return answer;
}

std::optional<Snapshot> PgReader::snapshot(std::string_view stream, int64_t schema) {
  const PgRows rows = link_.ask("snapshot", PgValues().add(stream).add(schema));
  if (rows.count() == 0) return std::nullopt;
  return Snapshot{std::string(stream), schema, rows.integer(0, 0), std::string(rows.text(0, 1))};
}

std::vector<DueTimer> PgReader::pending_timers(uint32_t max) {
  const PgRows rows = link_.ask("pending", PgValues().add(int64_t{max}));
  std::vector<DueTimer> found;
  for (int row = 0; row < rows.count(); ++row) {
    found.push_back({std::string(rows.text(row, 0)), std::string(rows.text(row, 1)),
                     rows.integer(row, 2), Instant(rows.integer(row, 3))});
  }
  return found;
}

}  // namespace gantry::log
