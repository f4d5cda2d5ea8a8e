#include "core/log/pg_changes.hpp"

#include <set>
#include <utility>

#include "core/log/event_rows.hpp"

namespace gantry::log {
namespace {

// The columns of the streams that are new.
struct StreamColumns {
  explicit StreamColumns(const Changes& changes) {
    for (const auto& stream : changes.streams) {
      if (!stream.fresh) continue;
      ids.push_back(stream.id);
      names.push_back(stream.name);
    }
  }
  std::vector<int64_t> ids;
  std::vector<std::string_view> names;
};

void add_rows(PgValues& values, const std::vector<EventRow>& rows) {
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
  values.add(positions).add(streams).add(versions).add(ids).add(types).add(data).add(metas);
  values.add(recorded).add(sums);
}

// As many at once as are of one kind and name each timer once.
size_t send_timers(PgLink& link, PgValues& values, const std::vector<TimerChange>& timers) {
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
    values.clear();
    values.add(streams).add(keys);
    if (kind == Kind::kSet)
      link.send("set_timers", values.add(numbers).add(payloads).add(commands));
    else if (kind == Kind::kFire)
      link.send("fire_timers", values.add(numbers));
    else
      link.send("cancel_timers", values);
    ++sent;
    begin = end;
  }
  return sent;
}

void send_answers(PgLink& link, PgValues& values, const std::vector<AnswerChange>& answers) {
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
  values.clear();
  values.add_bytea(scopes).add_bytea(fingerprints).add(commands).add(statuses);
  values.add_bytea(headers).add_bytea(bodies).add(positions).add(expiries);
  link.send("answers", values);
}

}  // namespace

size_t send_changes(PgLink& link, PgValues& values, const Changes& changes) {
  size_t sent = 0;
  if (const StreamColumns columns(changes); !columns.ids.empty()) {
    values.clear();
    link.send("new_streams", values.add(columns.ids).add(columns.names));
    ++sent;
  }
  if (!changes.events.empty()) {
    values.clear();
    add_rows(values, changes.events);
    link.send("events", values);
    ++sent;
  }
  sent += send_timers(link, values, changes.timers);
  if (!changes.answers.empty()) {
    send_answers(link, values, changes.answers);
    ++sent;
  }
  if (changes.touch) {
    link.send("touch");
    ++sent;
  }
  return sent;
}

void add_events(PgValues& values, const Changes& changes) {
  const StreamColumns columns(changes);
  values.add(columns.ids).add(columns.names);
  add_rows(values, changes.events);
}

}  // namespace gantry::log
