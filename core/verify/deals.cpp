#include "core/verify/deals.hpp"

#include <unordered_set>

namespace gantry::verify {
namespace {

using State = Reservations::State;
using Ids = std::unordered_set<Uuid>;

constexpr std::string_view kReservation = "reservation-";
constexpr int64_t kCancelled = 2;  // es_timer.status

std::string state_text(const Reservations& reservations, const Uuid& id) {
  return std::string(Reservations::name_of(reservations.state_of(id)));
}

void check_sold(const Ids& sold, const Reservations& reservations, Report& report) {
  for (const Uuid& id : sold) {
    if (reservations.state_of(id) != State::confirmed)
      report.broken(Invariant::seats, 0,
                    "places of reservation " + id.text() + " are sold, and it is " +
                        state_text(reservations, id));
  }
}

void check_kept(const Money& money, const Reservations& reservations, Report& report) {
  money.each_payment([&](const Uuid& id, const Payment& payment) {
    const bool kept = payment.was_captured && payment.refunded < payment.amount;
    if (kept && reservations.state_of(payment.reservation) != State::confirmed)
      report.broken(Invariant::money, 0,
                    "payment " + id.text() + " has kept money for reservation " +
                        payment.reservation.text() + ", which is " +
                        state_text(reservations, payment.reservation));
  });
}

Ids paid_for(const Money& money) {
  Ids ids;
  money.each_payment([&](const Uuid&, const Payment& payment) {
    const bool pays = payment.state == PaymentState::authorized ||
                      payment.state == PaymentState::captured ||
                      payment.state == PaymentState::unknown;
    if (pays) ids.insert(payment.reservation);
  });
  return ids;
}

// Reservations with a timer for their end, pending or fired.
Ids ending(Database& events) {
  Ids ids;
  const auto row = events.query("SELECT stream, status FROM es_timer WHERE key = 'expiry'");
  while (row->next()) {
    const std::string_view stream = row->bytes(0);
    if (row->integer(1) == kCancelled || !stream.starts_with(kReservation)) continue;
    if (const auto id = Uuid::from_text(stream.substr(kReservation.size()))) ids.insert(*id);
  }
  return ids;
}

}  // namespace

void check_deals(const Seats& seats, const Reservations& reservations, const Money& money,
                 Database& events, Report& report) {
  const Ids sold = seats.sold_to(), paid = paid_for(money), ends = ending(events);
  check_sold(sold, reservations, report);
  check_kept(money, reservations, report);
  reservations.each([&](const Uuid& id, State state) {
    const std::string name = "reservation " + id.text() + " is ";
    if (state == State::confirmed && sold.count(id) == 0)
      report.broken(Invariant::seats, 0, name + "confirmed and has no places");
    if (state == State::confirmed && paid.count(id) == 0)
      report.broken(Invariant::money, 0, name + "confirmed and nobody pays for it");
    if ((state == State::held || state == State::paying) && ends.count(id) == 0)
      report.broken(Invariant::timers, 0,
                    name + std::string(Reservations::name_of(state)) + " and no timer ends it");
  });
}

}  // namespace gantry::verify
