#include "reservations_client.hpp"

#include "gantry/ticketing/reservations.h"

namespace gantry::payments {

template <class Function, class... More>
ReservationsClient::Answer ReservationsClient::call(Function function, const PaidReservation& paid,
                                                    More... more) const {
  const auto service = host_.service<gantry_reservations>(GANTRY_RESERVATIONS_ID);
  const gantry_uuid reservation = paid.reservation.raw(), payment = paid.payment.raw();
  uint32_t refused = 0;
  TextSink answer, why;
  check_staged(
      (service.operator->()->*function)(service.self(), unit_.handle(), &reservation, &payment,
                                        more..., paid.now.us(), &refused, answer.abi(), why.abi()),
      why);
  if (refused) return Refused{RefusalJson{answer.take()}};
  return answer.take();
}

ReservationsClient::Answer ReservationsClient::begin_payment(const PaidReservation& paid,
                                                             std::string_view customer) const {
  return call(&gantry_reservations::begin_payment, paid, to_abi(customer));
}

ReservationsClient::Answer ReservationsClient::payment_declined(const PaidReservation& paid) const {
  return call(&gantry_reservations::payment_declined, paid);
}

ReservationsClient::Answer ReservationsClient::confirm(const PaidReservation& paid) const {
  return call(&gantry_reservations::confirm, paid);
}

ReservationsClient::Answer ReservationsClient::refunded(const PaidReservation& paid) const {
  return call(&gantry_reservations::refunded, paid);
}

}  // namespace gantry::payments
