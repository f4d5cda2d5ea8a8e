#include <algorithm>

#include "availability.hpp"
#include "routes.hpp"
#include "section_json.hpp"

namespace gantry::events {
namespace {

// Which event is asked about, and up to where the client knows the log.
struct Asked {
  explicit Asked(const Request& request)
      : event(request.param_uuid(0)), min_position(request.min_position()) {}
  Uuid event;
  gantry_position min_position;
};

Availability found_or_404(const SqlRows& rows, const Asked& asked) {
  Availability found = availability_from(rows);
  if (found.sections.empty()) throw Problem(404, "EVENT_NOT_FOUND", "there is no such event");
  // Events that do not concern the rows move the checkpoint a moment later.
  found.position = std::max(found.position, asked.min_position);
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

Response show_availability(BoxOffice& office, Context& context, const Request& request) {
  const Asked asked(request);
  const auto view = request.query("view");
  if (view && *view != "seats")
    throw Problem(Response::invalid_query("view", "NOT_ALLOWED", "view is seats or absent"));
  const std::string id = asked.event.text();
  const bool with_seats = view.has_value();
  return context.ask(kDatabase, with_seats ? kSectionsAndSeats : kSections,
                     with_seats ? sections_and_seats_of(id) : sections_of(id),
                     [&host = office.host, asked, with_seats](const SqlRows& rows) {
                       const Availability found = found_or_404(rows, asked);
                       const SeatStates states = seats_from(rows);
                       JsonWriter json = opened(asked.event, found);
                       json.array("sections");
                       for (const SectionRow& row : found.sections) {
                         json.object();
                         write_counts(json, row);
                         if (with_seats) write_seats(json, host, row, states);
                         json.end();
                       }
                       json.end().field("total_available", found.total_available()).end();
                       return tagged(std::move(json), with_seats ? "seats-" : "", found.version);
                     });
}

Response show_section(BoxOffice&, Context& context, const Request& request) {
  const Asked asked(request);
  return context.ask(kDatabase, kSections, sections_of(asked.event.text()),
                     [asked, section = std::string(request.param(1))](const SqlRows& rows) {
                       const Availability found = found_or_404(rows, asked);
                       for (const SectionRow& row : found.sections) {
                         if (row.section != section) continue;
                         JsonWriter json = opened(asked.event, found);
                         write_counts(json, row);
                         json.end();
                         return tagged(std::move(json), "section-", found.version);
                       }
                       throw Problem(404, "SECTION_NOT_FOUND", "the event has no such section");
                     });
}

Response show_total(BoxOffice&, Context& context, const Request& request) {
  const Asked asked(request);
  return context.ask(kDatabase, kSections, sections_of(asked.event.text()),
                     [asked](const SqlRows& rows) {
                       const Availability found = found_or_404(rows, asked);
                       JsonWriter json = opened(asked.event, found);
                       json.field("total_available", found.total_available()).end();
                       return tagged(std::move(json), "total-", found.version);
                     });
}

}  // namespace gantry::events
