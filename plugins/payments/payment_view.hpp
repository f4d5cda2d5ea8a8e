// Read model of payments and refunds: what the GET routes show.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "gantry/sql.hpp"
#include "payment_json.hpp"

namespace gantry::payments {

// payment_view_projection.cpp: rows of one event of a stream "payment-*".
void project_payment(const Host& host, const StoredEvent& stored, const Rows& rows);

struct PaymentFilter {
  std::string state;     // empty: any
  std::string customer;  // empty: everybody's
};

// Place of a payment in the list, newest first.
struct PaymentCursor {
  Instant created_at;
  std::string id;
};

// payment_view_query.cpp  [worker]
std::optional<PaymentView> find_payment(const Host& host, const Uuid& id);
std::vector<PaymentView> list_payments(const Host& host, const PaymentFilter& filter,
                                       const std::optional<PaymentCursor>& after, uint32_t count);
std::optional<RefundView> find_refund(const Host& host, const Uuid& id);
// Of one payment, oldest first; there are no more than the payment has minor units, and at most
// kRefundsMax are read.
inline constexpr int kRefundsMax = 1000;
std::vector<RefundView> refunds_of(const Host& host, const Uuid& payment);

}  // namespace gantry::payments
