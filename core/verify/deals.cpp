#include "core/verify/deals.hpp"

#include "core/verify/timers.hpp"

namespace gantry::verify {
namespace {

using Reservation = Reservations::Reservation;
using State = Reservations::State;

constexpr std::string_view kStream = "reservation-";

std::string state_of(const Reservation* reservation) {
  return std::string(Reservations::name_of(reservation ? reservation->state : State::none));
}
bool is_confirmed(const Reservation* reservation) {
  return reservation != nullptr && reservation->state == State::confirmed;
}

void see_places(const Seats& seats, Reservations& reservations, Report& report) {
  seats.each_sold([&](const Uuid& id) {
    Reservation* const by = reservations.find(id);
    if (by) by->has_places = true;
    if (!is_confirmed(by))
      report.broken(Invariant::seats, 0,
                    "places of reservation " + id.text() + " are sold, and it is " + state_of(by));
  });
}

void see_money(const Money& money, Reservations& reservations, Report& report) {
  money.each_payment([&](const Uuid& id, const Payment& payment) {
    Reservation* const paid = reservations.find(payment.reservation);
    if (paid && (payment.was_captured || payment.is_good_for_capture())) paid->is_paid = true;
    if (payment.keeps_money() && !is_confirmed(paid))
      report.broken(Invariant::money, 0,
                    "payment " + id.text() + " has kept money for reservation " +
                        payment.reservation.text() + ", which is " + state_of(paid));
  });
}

// One that has fired counts: what it ends is on its way.
void see_timers(Database& events, Reservations& reservations) {
  const auto row = events.query("SELECT stream, status FROM es_timer WHERE key = 'expiry'");
  while (row->next()) {
    const std::string_view stream = row->bytes(0);
    if (row->integer(1) == kCancelled || !stream.starts_with(kStream)) continue;
    const auto id = Uuid::from_text(stream.substr(kStream.size()));
    if (Reservation* const ends = id ? reservations.find(*id) : nullptr) ends->has_end = true;
  }
}

}  // namespace

void check_deals(const Seats& seats, const Money& money, Reservations& reservations,
                 Database& events, Report& report) {
  see_places(seats, reservations, report);
  see_money(money, reservations, report);
  see_timers(events, reservations);
  reservations.each([&](const Uuid& id, const Reservation& reservation) {
    const auto broken = [&](Invariant invariant, const char* what) {
      report.broken(invariant, 0,
                    "reservation " + id.text() + " is " + state_of(&reservation) + " and " + what);
    };
    if (is_confirmed(&reservation) && !reservation.has_places)
      broken(Invariant::seats, "has no places");
    if (is_confirmed(&reservation) && !reservation.is_paid)
      broken(Invariant::money, "nobody pays for it");
    if (reservation.is_open() && !reservation.has_end)
      broken(Invariant::timers, "no timer ends it");
  });
}

}  // namespace gantry::verify
