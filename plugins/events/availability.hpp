// Read model of availability: counters of each section, and the seats that are held or sold.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gantry/ask.hpp"
#include "gantry/sql.hpp"
#include "inventory.hpp"

namespace gantry::events {

// availability_projection.cpp: rows of one event of a stream "inventory-*".
void project_availability(const Host& host, const StoredEvent& stored, const Rows& rows);

struct SectionRow {
  std::string section;
  std::string kind;
  int64_t capacity = 0, held = 0, sold = 0;
  std::string seat_rows;  // JSON
  int64_t available() const { return capacity - held - sold; }
};

struct Availability {
  std::vector<SectionRow> sections;  // in the event's order; empty: no such event
  gantry_position position = 0;      // the log up to here is in the rows
  int64_t version = 0;               // grows with every change of the rows
  int64_t total_available() const;
};

// State by seat of those seats that are not available, by section.
using SeatStates = std::unordered_map<std::string, std::unordered_map<std::string, std::string>>;

// availability_query.cpp
// The sections of one event, for Context::ask; the parameters are of both statements. With the
// seats it is one statement, too, so that all are of one moment.
extern const std::string_view kSections, kSectionsAndSeats;
SqlValues sections_of(const std::string& event);
SqlValues sections_and_seats_of(const std::string& event);
Availability availability_from(const SqlRows& rows);
SeatStates seats_from(const SqlRows& rows);

}  // namespace gantry::events
