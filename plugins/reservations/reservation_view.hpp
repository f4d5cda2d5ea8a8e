// Read model of reservations: what GET /api/reservations and its relatives show.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "gantry/sql.hpp"
#include "reservation.hpp"

namespace gantry::reservations {

// reservation_view_projection.cpp: rows of one event of a stream "reservation-*".
void project_reservation(const Host& host, const StoredEvent& stored, const Rows& rows);

struct ReservationRow {
  Uuid id;
  Reservation::State reservation;
  int64_t version = 0;
};

// What a list is narrowed to; empty: no matter.
struct ReservationFilter {
  std::string state;
  std::string event_id;
  // Whose reservations, and with event_id those of an event that this user owns; everybody's when
  // `all`.
  std::string viewer;
  bool all = false;
};

// Place of a reservation in the list, newest first.
struct ReservationCursor {
  Instant created_at;
  std::string id;
};

// One domain event of a reservation.
struct HistoryRow {
  int64_t version = 0;
  gantry_position position = 0;
  std::string type;
  Instant at;
  std::string data;  // JSON
};

// reservation_view_query.cpp
std::optional<ReservationRow> find_reservation(const Host& host, const Uuid& id);
std::vector<ReservationRow> list_reservations(const Host& host, const ReservationFilter& filter,
                                              const std::optional<ReservationCursor>& after,
                                              uint32_t count);
std::vector<HistoryRow> history_of(const Host& host, const Uuid& id);

}  // namespace gantry::reservations
