#include "availability.hpp"
#include "box_office.hpp"

namespace gantry::events {
namespace {

// Rows and checkpoint in one statement, so that they belong together.
constexpr std::string_view kSections =
    "SELECT section, kind, capacity, held, sold, seat_rows, version,"
    " (SELECT position FROM es_checkpoint WHERE consumer = ? AND version = ?)"
    " FROM section_availability WHERE event_id = ? ORDER BY opened";
constexpr std::string_view kSeats =
    "SELECT section, seat, state FROM seat_state WHERE event_id = ?";

}  // namespace

int64_t Availability::total_available() const {
  int64_t total = 0;
  for (const SectionRow& section : sections) total += section.available();
  return total;
}

Availability find_availability(const Rows& rows, const Uuid& event) {
  Availability found;
  const std::string id = event.text();
  rows.each(kSections, {kAvailabilityView, kAvailabilityViewVersion, id}, [&](const SqlRow& row) {
    found.sections.push_back({std::string(row.text(0)), std::string(row.text(1)), row.integer(2),
                              row.integer(3), row.integer(4), std::string(row.text(5))});
    found.version += row.integer(6);
    found.position = row.integer(7);
  });
  return found;
}

SeatStates find_seats(const Rows& rows, const Uuid& event) {
  SeatStates states;
  const std::string id = event.text();
  rows.each(kSeats, {id}, [&](const SqlRow& row) {
    states[std::string(row.text(0))].emplace(row.text(1), row.text(2));
  });
  return states;
}

}  // namespace gantry::events
