#include "payment_json.hpp"

namespace gantry::payments {
namespace {

// Another payment for the same reservation may be tried.
bool is_retryable(int64_t attempts_left) { return attempts_left > 0; }

std::string declined_params(const Uuid& id, int64_t attempts_left) {
  JsonWriter json;
  json.object()
      .field("payment_id", id)
      .field("retryable", is_retryable(attempts_left))
      .field("attempts_left", attempts_left);
  return std::move(json.end()).text();
}

std::string id_params(const Uuid& id) {
  JsonWriter json;
  json.object().field("payment_id", id);
  return std::move(json.end()).text();
}

}  // namespace

PaymentView view_of(const Uuid& id, const Payment::State& state, int64_t version) {
  PaymentView view;
  view.id = id.text();
  view.reservation_id = state.terms.reservation_id.text();
  view.customer_id = state.customer_id;
  view.amount = state.amount;
  view.amount_refunded = state.refunded();
  view.amount_refundable = state.left();
  view.state = name_of(state.status);
  view.provider = state.provider;
  view.provider_reference = state.reference;
  view.method_type = state.method.type;
  view.brand = state.brand;
  view.last4 = state.last4;
  if (state.failure) {
    view.failure_code = state.failure->code;
    view.attempts_left = state.failure->attempts_left;
  }
  view.created_at = state.created_at;
  view.version = version;
  return view;
}

std::string to_json(const PaymentView& view) {
  JsonWriter json;
  json.object()
      .field("id", view.id)
      .field("reservation_id", view.reservation_id)
      .field("customer_id", view.customer_id);
  ticketing::write(json, "amount", view.amount);
  ticketing::write(json, "amount_refunded", view.amount_refunded);
  ticketing::write(json, "amount_refundable", view.amount_refundable);
  json.field("state", view.state);
  if (!view.provider.empty())
    json.field("provider", view.provider).field("provider_reference", view.provider_reference);
  json.object("method").field("type", view.method_type);
  if (!view.brand.empty()) json.field("brand", view.brand);
  if (!view.last4.empty()) json.field("last4", view.last4);
  json.end();
  if (!view.failure_code.empty()) {
    json.object("failure")
        .field("code", view.failure_code)
        .field("retryable", is_retryable(view.attempts_left))
        .field("attempts_left", view.attempts_left)
        .end();
  }
  json.field("created_at", view.created_at).field("version", view.version);
  return std::move(json.end()).text();
}

RefundView view_of(const Uuid& payment, const Payment::State& state,
                   const Payment::Refund& refund) {
  return {refund.id.text(),
          payment.text(),
          state.customer_id,
          refund.amount,
          std::string(name_of(refund.status)),
          refund.reason,
          refund.created_at};
}

std::string to_json(const RefundView& view) {
  JsonWriter json;
  json.object().field("id", view.id).field("payment_id", view.payment_id);
  ticketing::write(json, "amount", view.amount);
  json.field("state", view.state).field("reason", view.reason).field("created_at", view.created_at);
  return std::move(json.end()).text();
}

std::optional<Response> answer_of(const Uuid& id, const Payment::State& state, int64_t version) {
  switch (state.status) {
    case Status::processing:
    case Status::authorized:
      return std::nullopt;
    case Status::captured: {
      Response created = Response::created(to_json(view_of(id, state, version)),
                                           join("/api/payments/", id.text()));
      return std::move(created.etag(version));
    }
    case Status::failed:
      return Response::problem(402, state.failure->code, "the payment was declined",
                               declined_params(id, state.failure->attempts_left));
    case Status::voided:
      return Response::problem(static_cast<int>(state.failure->http_status), state.failure->code,
                               "the payment came too late for its reservation; no money is taken",
                               id_params(id));
    case Status::unknown:
      return Response::problem(
          504, "PROVIDER_TIMEOUT",
          "the provider has not answered; the payment is settled as soon as it does",
          id_params(id));
  }
  return std::nullopt;
}

Response answer_of(const Uuid& payment, const Payment::State& state,
                   const Payment::Refund& refund) {
  return Response::created(to_json(view_of(payment, state, refund)),
                           join("/api/refunds/", refund.id.text()));
}

}  // namespace gantry::payments
