#include "problems.hpp"

namespace gantry::reservations {
namespace {

std::string expired_params(const Reservation::HasExpired& why) {
  JsonWriter json;
  json.object().field("expires_at", why.expires_at);
  return std::move(json.end()).text();
}

Refusal wrong_state(const Reservation::WrongState& why) {
  JsonWriter json;
  json.object().field("from", name_of(why.from)).field("attempted", why.attempted).end();
  const bool is_paid = why.from == Status::confirmed && why.attempted == "cancel";
  return {422, "INVALID_STATE_TRANSITION",
          is_paid ? "the reservation is paid: refund its payment, which cancels it"
                  : "the reservation's state does not allow this",
          std::move(json).text()};
}

}  // namespace

std::string Refusal::json() const {
  JsonWriter json;
  json.object().field("status", status).field("code", code).field("detail", detail);
  json.raw("params", params.empty() ? "{}" : std::string_view(params));
  return std::move(json.end()).text();
}

Refusal refusal_of(const Reservation::Rejection& reason) {
  using R = Reservation;
  return std::visit(
      overloaded{
          [](const R::NotFound&) {
            return Refusal{404, "RESERVATION_NOT_FOUND", "there is no such reservation", {}};
          },
          [](const R::AlreadyExists&) {
            return Refusal{
                409, "RESOURCE_ALREADY_EXISTS", "there is a reservation with that id", {}};
          },
          [](const R::NotTheCustomer&) {
            return Refusal{403, "FORBIDDEN", "the reservation is somebody else's", {}};
          },
          [](const R::AlreadyPaid&) {
            return Refusal{409, "ALREADY_PAID", "the reservation is paid", {}};
          },
          [](const R::PaymentInProgress&) {
            return Refusal{409, "PAYMENT_IN_PROGRESS", "another payment is under way", {}};
          },
          [](const R::HasExpired& why) {
            return Refusal{410, "RESERVATION_EXPIRED", "the reservation has expired",
                           expired_params(why)};
          },
          [](const R::WrongState& why) { return wrong_state(why); },
      },
      reason);
}

Problem problem_of(const Host& host, const RefusalJson& refusal) {
  const JsonDocument json(host.json(), refusal.text);
  return {static_cast<int>(json["status"].integer()), json["code"].text(), json["detail"].text(),
          json["params"].dump()};
}

}  // namespace gantry::reservations
