// Events of the payment aggregate as JSON, in their current versions (payment_schemas.hpp): the
// host upcasts older ones before they come here.
#include "payment.hpp"

namespace gantry::payments {
namespace {

using P = Payment;
using ticketing::money_from;

NewEvent event(std::string_view type, JsonWriter& json, Instant at) {
  return {std::string(type), std::move(json.field("at", at).end()).text()};
}

NewEvent encode_one(const P::Requested& e) {
  JsonWriter json;
  json.object()
      .field("reservation_id", e.terms.reservation_id)
      .field("customer_id", e.customer_id)
      .field("event_id", e.terms.event_id)
      .field("event_owner_id", e.terms.event_owner_id)
      .field("starts_at", e.terms.starts_at);
  ticketing::write(json, "amount", e.amount);
  json.object("method").field("type", e.method.type).field("token", e.method.token).end();
  ticketing::write(json, "refund_rules", e.terms.refund_rules);
  return event("payments.requested.v1", json, e.at);
}

NewEvent encode_one(const P::Authorized& e) {
  JsonWriter json;
  json.object()
      .field("provider", e.provider)
      .field("reference", e.reference)
      .field("brand", e.brand)
      .field("last4", e.last4);
  return event("payments.authorized.v1", json, e.at);
}

NewEvent encode_one(const P::Captured& e) {
  JsonWriter json;
  json.object()
      .field("reservation_id", e.reservation_id)
      .field("event_id", e.event_id)
      .field("customer_id", e.customer_id);
  ticketing::write(json, "amount", e.amount);
  json.field("reference", e.reference);
  return event("payments.captured.v1", json, e.at);
}

NewEvent encode_one(const P::Declined& e) {
  JsonWriter json;
  json.object()
      .field("step", name_of(e.step))
      .field("code", e.code)
      .field("attempts_left", e.attempts_left);
  return event("payments.declined.v1", json, e.at);
}

NewEvent encode_one(const P::OutcomeUnknown& e) {
  JsonWriter json;
  json.object().field("step", name_of(e.step));
  return event("payments.outcome_unknown.v1", json, e.at);
}

NewEvent encode_one(const P::Voided& e) {
  JsonWriter json;
  json.object().field("code", e.code).field("http_status", e.http_status);
  return event("payments.voided.v1", json, e.at);
}

NewEvent encode_one(const P::RefundRequested& e) {
  JsonWriter json;
  json.object().field("refund_id", e.refund_id).field("customer_id", e.customer_id);
  ticketing::write(json, "amount", e.amount);
  json.field("reason", e.reason).field("requested_by", e.requested_by);
  return event("payments.refund_requested.v1", json, e.at);
}

NewEvent encode_one(const P::Refunded& e) {
  JsonWriter json;
  json.object()
      .field("refund_id", e.refund_id)
      .field("reservation_id", e.reservation_id)
      .field("event_id", e.event_id)
      .field("customer_id", e.customer_id);
  ticketing::write(json, "amount", e.amount);
  ticketing::write(json, "refunded_total", e.refunded_total);
  json.field("all", e.all).field("reference", e.reference);
  return event("payments.refunded.v1", json, e.at);
}

NewEvent encode_one(const P::RefundFailed& e) {
  JsonWriter json;
  json.object().field("refund_id", e.refund_id);
  ticketing::write(json, "amount", e.amount);
  json.field("code", e.code);
  return event("payments.refund_failed.v1", json, e.at);
}

std::string text(Json json) { return std::string(json.text()); }

Step step_from(Json json) {
  return json.text() == name_of(Step::capture) ? Step::capture : Step::authorize;
}

P::Requested requested_from(Json data) {
  return {text(data["customer_id"]),
          {data["reservation_id"].uuid(), data["event_id"].uuid(), text(data["event_owner_id"]),
           data["starts_at"].instant(), ticketing::refund_rules_from(data["refund_rules"])},
          money_from(data["amount"]),
          {text(data["method"]["type"]), text(data["method"]["token"])},
          data["at"].instant()};
}

}  // namespace

NewEvent Payment::encode(const Event& event) {
  return std::visit([](const auto& one) { return encode_one(one); }, event);
}

Payment::Event Payment::decode(std::string_view type, Json data) {
  const Instant at = data["at"].instant();
  if (type == "payments.requested.v1") return requested_from(data);
  if (type == "payments.authorized.v1")
    return Authorized{text(data["provider"]), text(data["reference"]), text(data["brand"]),
                      text(data["last4"]), at};
  if (type == "payments.captured.v1")
    return Captured{data["reservation_id"].uuid(), data["event_id"].uuid(),
                    text(data["customer_id"]),     money_from(data["amount"]),
                    text(data["reference"]),       at};
  if (type == "payments.declined.v1")
    return Declined{step_from(data["step"]), text(data["code"]), data["attempts_left"].integer(),
                    at};
  if (type == "payments.outcome_unknown.v1") return OutcomeUnknown{step_from(data["step"]), at};
  if (type == "payments.voided.v1")
    return Voided{text(data["code"]), data["http_status"].integer(), at};
  if (type == "payments.refund_requested.v1")
    return RefundRequested{data["refund_id"].uuid(),   text(data["customer_id"]),
                           money_from(data["amount"]), text(data["reason"]),
                           text(data["requested_by"]), at};
  if (type == "payments.refunded.v1")
    return Refunded{data["refund_id"].uuid(),
                    data["reservation_id"].uuid(),
                    data["event_id"].uuid(),
                    text(data["customer_id"]),
                    money_from(data["amount"]),
                    money_from(data["refunded_total"]),
                    data["all"].boolean(),
                    text(data["reference"]),
                    at};
  if (type == "payments.refund_failed.v1")
    return RefundFailed{data["refund_id"].uuid(), money_from(data["amount"]), text(data["code"]),
                        at};
  throw Error(Code::kInvalid, join("a payment stream has no event ", type));
}

}  // namespace gantry::payments
