#include "availability.hpp"
#include "box_office.hpp"

namespace gantry::events {
namespace {

constexpr int64_t kSection = 0, kSeat = 1;  // what a row is about

}  // namespace

// Rows and checkpoint in one statement, so that they belong together.
const std::string_view kSections =
    "SELECT 0, section, kind, capacity, held, sold, seat_rows, version,"
    " (SELECT position FROM es_checkpoint WHERE consumer = ? AND version = ?)"
    " FROM section_availability WHERE event_id = ? ORDER BY opened";
const std::string_view kSectionsAndSeats =
    "SELECT 0 AS about, section, kind, capacity, held, sold, seat_rows, version,"
    " (SELECT position FROM es_checkpoint WHERE consumer = ? AND version = ?), opened"
    " FROM section_availability WHERE event_id = ?"
    " UNION ALL SELECT 1, section, seat, 0, 0, 0, state, 0, 0, 0"
    " FROM seat_state WHERE event_id = ?"
    " ORDER BY 1, 10";

int64_t Availability::total_available() const {
  int64_t total = 0;
  for (const SectionRow& section : sections) total += section.available();
  return total;
}

SqlValues sections_of(const std::string& event) {
  return {kAvailabilityView, kAvailabilityViewVersion, event};
}

SqlValues sections_and_seats_of(const std::string& event) {
  return {kAvailabilityView, kAvailabilityViewVersion, event, event};
}

Availability availability_from(const SqlRows& rows) {
  Availability found;
  for (uint64_t i = 0; i < rows.size(); ++i) {
    const SqlRow row = rows[i];
    if (row.integer(0) != kSection) break;
    found.sections.push_back({std::string(row.text(1)), std::string(row.text(2)), row.integer(3),
                              row.integer(4), row.integer(5), std::string(row.text(6))});
    found.version += row.integer(7);
    found.position = row.integer(8);
  }
  return found;
}

SeatStates seats_from(const SqlRows& rows) {
  SeatStates states;
  for (uint64_t i = 0; i < rows.size(); ++i) {
    const SqlRow row = rows[i];
    if (row.integer(0) == kSeat) states[std::string(row.text(1))].emplace(row.text(2), row.text(6));
  }
  return states;
}

}  // namespace gantry::events
