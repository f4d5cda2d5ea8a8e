#include "problems.hpp"

namespace gantry::payments {
namespace {

using P = Payment;

std::string money_params(std::string_view name, const Money& money) {
  JsonWriter json;
  ticketing::write(json.object(), name, money);
  return std::move(json.end()).text();
}

std::string state_params(const P::WrongState& why) {
  JsonWriter json;
  json.object().field("from", name_of(why.from)).field("attempted", why.attempted);
  return std::move(json.end()).text();
}

Refusal one(const P::NotFound&) { return {404, "PAYMENT_NOT_FOUND", "there is no such payment"}; }
Refusal one(const P::AlreadyExists&) {
  return {409, "CONFLICT", "there is such a payment already"};
}
Refusal one(const P::WrongState& why) {
  return {422, "INVALID_STATE_TRANSITION", "the payment's state does not allow that",
          state_params(why)};
}
Refusal one(const P::WrongAmount& why) {
  return {502, "PROVIDER_ERROR", "the provider took another amount",
          money_params("expected", why.expected)};
}
Refusal one(const P::WrongCurrency&) {
  return {422, "WRONG_CURRENCY", "amount.currency is not the currency of the payment"};
}
Refusal one(const P::NotRefundable& why) {
  return {422, "NOT_REFUNDABLE", "the refund rules of the event do not give that much back now",
          money_params("refundable", why.allowed)};
}
Refusal one(const P::ExceedsCaptured& why) {
  return {409, "REFUND_EXCEEDS_CAPTURED", "all refunds together must not exceed what was captured",
          money_params("left", why.left)};
}
Refusal one(const P::AlreadyRefunded&) {
  return {409, "ALREADY_REFUNDED", "everything has gone back already"};
}

}  // namespace

Refusal refusal_of(const Payment::Rejection& reason) {
  return std::visit([](const auto& why) { return one(why); }, reason);
}

Response problem_of(const Host& host, const RefusalJson& refusal) {
  const JsonDocument json(host.json(), refusal.text);
  const Json params = json["params"];
  return Response::problem(static_cast<int>(json["status"].integer()), json["code"].text(),
                           json["detail"].text(),
                           params.is_object() ? params.dump() : std::string());
}

Problem payment_not_found() { return refusal_of(P::NotFound{}).problem(); }
Problem refund_not_found() { return {404, "REFUND_NOT_FOUND", "there is no such refund"}; }
Problem forbidden() { return {403, "FORBIDDEN", "this payment is not yours"}; }

}  // namespace gantry::payments
