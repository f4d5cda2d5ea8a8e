#include <algorithm>

#include "availability.hpp"
#include "routes.hpp"
#include "section_json.hpp"

namespace gantry::events {
namespace {

Availability found_or_404(const Rows& rows, const Request& request) {
  Availability found = find_availability(rows, request.param_uuid(0));
  if (found.sections.empty()) throw Problem(404, "EVENT_NOT_FOUND", "there is no such event");
  // Events that do not concern the rows move the checkpoint a moment later.
  found.position = std::max(found.position, request.min_position());
  return found;
}

void write_counts(JsonWriter& json, const SectionRow& row) {
  json.field("section", row.section)
      .field("kind", row.kind)
      .field("capacity", row.capacity)
      .field("held", row.held)
      .field("sold", row.sold)
      .field("available", row.available());
}

// Every seat of the section; those without a state of their own are available.
void write_seats(JsonWriter& json, const Host& host, const SectionRow& row,
                 const SeatStates& states) {
  const auto of_section = states.find(row.section);
  const JsonDocument document(host.json(), row.seat_rows);
  const Seating seating(rows_from(document.root()));
  json.array("seats");
  for (uint32_t seat = 0; seat < seating.count(); ++seat) {
    const std::string label = seating.label(seat);
    std::string_view state = "available";
    if (of_section != states.end()) {
      const auto at = of_section->second.find(label);
      if (at != of_section->second.end()) state = at->second;
    }
    json.object().field("seat", label).field("state", state).end();
  }
  json.end();
}

// Weak: the position in the body grows with events of other sections, too.
Response tagged(JsonWriter&& json, std::string_view view, int64_t version) {
  Response response = Response::ok(std::move(json).text());
  return response.header("ETag", join("W/\"", view, version, '"'));
}

JsonWriter opened(const Uuid& event, const Availability& found) {
  JsonWriter json;
  json.object().field("event_id", event).field("position", found.position);
  return json;
}

}  // namespace

Response show_availability(BoxOffice& office, Context&, const Request& request) {
  const Uuid event = request.param_uuid(0);
  const auto view = request.query("view");
  if (view && *view != "seats")
    throw Problem(Response::invalid({{"/view", "NOT_ALLOWED", "view is seats or absent"}}));
  const Session session = Session::reading(office.host, kDatabase);
  session.begin();
  const Availability found = found_or_404(session, request);
  const SeatStates states = view ? find_seats(session, event) : SeatStates();
  session.commit();

  JsonWriter json = opened(event, found);
  json.array("sections");
  for (const SectionRow& row : found.sections) {
    json.object();
    write_counts(json, row);
    if (view) write_seats(json, office.host, row, states);
    json.end();
  }
  json.end().field("total_available", found.total_available()).end();
  return tagged(std::move(json), view ? "seats-" : "", found.version);
}

Response show_section(BoxOffice& office, Context&, const Request& request) {
  const Uuid event = request.param_uuid(0);
  const Availability found = found_or_404(Session::reading(office.host, kDatabase), request);
  for (const SectionRow& row : found.sections) {
    if (row.section != request.param(1)) continue;
    JsonWriter json = opened(event, found);
    write_counts(json, row);
    json.end();
    return tagged(std::move(json), "section-", found.version);
  }
  throw Problem(404, "SECTION_NOT_FOUND", "the event has no such section");
}

Response show_total(BoxOffice& office, Context&, const Request& request) {
  const Uuid event = request.param_uuid(0);
  const Availability found = found_or_404(Session::reading(office.host, kDatabase), request);
  JsonWriter json = opened(event, found);
  json.field("total_available", found.total_available()).end();
  return tagged(std::move(json), "total-", found.version);
}

}  // namespace gantry::events
