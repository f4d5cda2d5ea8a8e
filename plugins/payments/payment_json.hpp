// Payments and refunds as clients read them. The token of a method is never part of it.
#pragma once
#include <optional>
#include <string>

#include "gantry/http.hpp"
#include "payment.hpp"

namespace gantry::payments {

struct PaymentView {
  std::string id, reservation_id, customer_id;
  Money amount, amount_refunded, amount_refundable;
  std::string state;
  std::string provider, provider_reference;  // empty until authorised
  std::string method_type, brand, last4;
  std::string failure_code;  // empty unless failed or voided
  int64_t attempts_left = 0;
  Instant created_at;
  int64_t version = 0;
};
PaymentView view_of(const Uuid& id, const Payment::State& state, int64_t version);
std::string to_json(const PaymentView& view);

struct RefundView {
  std::string id, payment_id, customer_id;
  Money amount;
  std::string state, reason;
  Instant created_at;
};
RefundView view_of(const Uuid& payment, const Payment::State& state, const Payment::Refund& refund);
std::string to_json(const RefundView& view);

// The answer to POST /api/payments, once there is one: 201, 402, 410, or 504 while the outcome is
// unknown.
std::optional<Response> answer_of(const Uuid& id, const Payment::State& state, int64_t version);
// The answer to POST …/refund: 201 with the refund as it stands.
Response answer_of(const Uuid& payment, const Payment::State& state, const Payment::Refund& refund);

}  // namespace gantry::payments
