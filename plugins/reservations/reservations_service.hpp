// Service gantry.ticketing.reservations/1 (gantry/ticketing/reservations.h says what it promises).
#pragma once
#include "desk.hpp"
#include "gantry/ticketing/reservations.h"

namespace gantry::reservations {

class ReservationsService {
 public:
  explicit ReservationsService(Desk& desk);
  ReservationsService(const ReservationsService&) = delete;  // the table points here
  ReservationsService& operator=(const ReservationsService&) = delete;

  const gantry_reservations* table() const { return &table_; }

  // What the caller gets: `refused` and the answer's JSON.
  struct Answer {
    bool refused = false;
    std::string json;
  };
  // One payment of one reservation at one instant.
  struct Subject {
    Uuid reservation;
    Uuid payment;
    Instant now;
  };

  // All [worker] [bus]; nothing is added to the unit when the answer is a refusal.
  Answer begin_payment(Unit& unit, const Subject& subject, std::string_view customer);
  Answer payment_declined(Unit& unit, const Subject& subject);
  Answer confirm(Unit& unit, const Subject& subject);
  Answer refunded(Unit& unit, const Subject& subject);

 private:
  Desk& desk_;
  gantry_reservations table_;
};

}  // namespace gantry::reservations
