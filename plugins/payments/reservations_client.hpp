// ReservationsClient: the service gantry.ticketing.reservations/1 as this plugin uses it, in one
// unit. Everything is added to that unit; nothing takes effect before its commit.
#pragma once
#include <string>

#include "gantry/result.hpp"
#include "gantry/unit.hpp"

namespace gantry::payments {

struct PaidReservation {
  Uuid reservation;
  Uuid payment;
  Instant now;
};

// A business refusal: {"status", "code", "detail", "params"}.
struct RefusalJson {
  std::string text;
};

// For one unit.  throws  Error{kUnavailable}  nobody offers reservations now
class ReservationsClient {
 public:
  using Answer = Result<std::string, RefusalJson>;  // JSON as gantry/ticketing/reservations.h says

  ReservationsClient(const Host& host, Unit& unit) : host_(host), unit_(unit) {}

  Answer begin_payment(const PaidReservation& paid, std::string_view customer) const;
  Answer payment_declined(const PaidReservation& paid) const;
  Answer confirm(const PaidReservation& paid) const;
  Answer refunded(const PaidReservation& paid) const;

 private:
  template <class Function, class... More>
  Answer call(Function function, const PaidReservation& paid, More... more) const;

  const Host& host_;
  Unit& unit_;
};

}  // namespace gantry::payments
