#include "core/verify/client_history.hpp"

namespace gantry::verify {
namespace {

bool is_acknowledged(int64_t status) { return status >= 200 && status < 300; }

std::string begins_at(int64_t position) {
  return position == 0 ? "has no event" : "begins at position " + std::to_string(position);
}

std::string text(Json json, const char* member) { return std::string(json[member].text()); }

std::optional<Uuid> command_in(Json line) {
  if (line["command"].exists()) return Uuid::from_text(line["command"].text());
  if (!line["key"].exists() || !line["user"].exists() || !line["route"].exists())
    return std::nullopt;
  const std::string method = line["method"].exists() ? text(line, "method") : "POST";
  return command_of_key(text(line, "user"), method, text(line, "route"), text(line, "key"));
}

}  // namespace

Uuid command_of_key(const std::string& user, const std::string& method, const std::string& route,
                    const std::string& key) {
  std::string scope;
  for (const std::string& part : {user, method, route, key})
    scope += std::to_string(part.size()) + ':' + part;
  return uuid5(uuid5(Uuid(), "gantry.idempotency"), sha256_hex(scope));
}

void ClientHistory::check(std::istream& lines) {
  JsonText parsed;
  Line line;
  for (std::string raw; std::getline(lines, raw);) {
    ++line.number;
    if (raw.empty()) continue;
    line.json = parsed.parse(raw);
    if (!line.json.is_object())
      throw CannotRead("line " + std::to_string(line.number) + " of the history is no JSON object");
    line.status = line.json["status"].integer_or(0);
    line.position = line.json["position"].integer_or(0);
    check_line(line);
  }
  report_.checked(Invariant::history, line.number, "requests");
}

void ClientHistory::check_line(const Line& line) {
  const std::optional<Uuid> command = command_in(line.json);
  if (is_acknowledged(line.status)) {
    if (line.position > head_)
      broken(line, "was answered with position " + std::to_string(line.position) +
                       ", the log ends at " + std::to_string(head_));
    check_resource(line, "reservation", "reservations.held.v1");
    check_resource(line, "payment", "payments.requested.v1");
    check_sameness(line, command);
  }
  if (command) check_command(line, *command);
}

// Its events are all there, one after the other, or none is; acknowledged ones are, by then.
void ClientHistory::check_command(const Line& line, const Uuid& command) {
  const int64_t first = position_of(uuid5(command, "0"));
  const Json told = line.json["first"];
  if (told.exists() && told.integer_or(0) != first)
    broken(line, "was told that command " + command.text() + " " + begins_at(told.integer_or(0)) +
                     ", it " + begins_at(first));
  if (first == 0) {
    if (is_acknowledged(line.status) && line.position > 0)
      broken(line, "was acknowledged, but command " + command.text() + " has no event");
    return;
  }
  int64_t last = first;
  for (int64_t n = 1;; ++n) {
    const int64_t position = position_of(uuid5(command, std::to_string(n)));
    if (position == 0) break;
    if (position != last + 1)
      broken(line, "event " + std::to_string(n) + " of command " + command.text() +
                       " is at position " + std::to_string(position) + ", not " +
                       std::to_string(last + 1));
    last = position;
  }
  if (is_acknowledged(line.status) && line.position > 0 && last > line.position)
    broken(line, "was acknowledged at position " + std::to_string(line.position) +
                     ", its events end at " + std::to_string(last));
}

// The stream of what was answered begins with that event, once, at or below the answer's position.
void ClientHistory::check_resource(const Line& line, const char* member, const char* first_type) {
  if (!line.json[member].exists()) return;
  const std::string stream = std::string(member) + '-' + text(line.json, member);
  const auto row = events_.look_up(
      "SELECT e.position, e.type FROM es_event e JOIN es_stream s ON s.stream_id = e.stream_id "
      "WHERE s.name = $1 AND e.version = 1",
      {stream});
  if (!row->next()) return broken(line, stream + " was acknowledged and is not in the log");
  if (row->bytes(1) != first_type)
    broken(line, stream + " begins with " + std::string(row->bytes(1)));
  if (line.position > 0 && row->integer(0) > line.position)
    broken(line, stream + " was acknowledged at position " + std::to_string(line.position) +
                     " and begins at " + std::to_string(row->integer(0)));
}

// However often a request is repeated, it has made one thing.
void ClientHistory::check_sameness(const Line& line, const std::optional<Uuid>& command) {
  const char* member = line.json["payment"].exists()       ? "payment"
                       : line.json["reservation"].exists() ? "reservation"
                                                           : nullptr;
  if (member == nullptr || (!command && !line.json["key"].exists())) return;
  const auto resource = Uuid::from_text(line.json[member].text());
  if (!resource) return broken(line, std::string(member) + " is no id");
  const Uuid name = command.value_or(uuid5(Uuid(), text(line.json, "key")));
  const auto [at, fresh] = answered_.emplace(name, *resource);
  if (!fresh && at->second != *resource)
    broken(line,
           "was answered with " + resource->text() + ", before that with " + at->second.text());
}

int64_t ClientHistory::position_of(const Uuid& event_id) {
  const auto row = events_.look_up("SELECT position FROM es_event WHERE event_id = $1", {event_id});
  return row->next() ? row->integer(0) : 0;
}

void ClientHistory::broken(const Line& line, const std::string& what) {
  report_.broken(Invariant::history, 0, "line " + std::to_string(line.number) + ": " + what);
}

}  // namespace gantry::verify
