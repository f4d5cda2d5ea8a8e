#include "desk.hpp"
#include "payment_view.hpp"

namespace gantry::payments {
namespace {

#define GANTRY_PAYMENT_COLUMNS                                                                    \
  "SELECT id, reservation_id, customer_id, amount, currency, amount_refunded, amount_committed,"  \
  " state, provider, provider_reference, method_type, brand, last4, failure_code, attempts_left," \
  " created_at, version FROM payments_view"
#define GANTRY_REFUND_COLUMNS                                                            \
  "SELECT id, payment_id, customer_id, amount, currency, state, reason, created_at FROM" \
  " refunds_view"

// Each filter that is null lets everything through: one text, prepared once.
constexpr std::string_view kList = GANTRY_PAYMENT_COLUMNS
    " WHERE (? IS NULL OR state = ?) AND (? IS NULL OR customer_id = ?)"
    " AND (? IS NULL OR created_at < ? OR (created_at = ? AND id < ?))"
    " ORDER BY created_at DESC, id DESC LIMIT ?";
constexpr std::string_view kFind = GANTRY_PAYMENT_COLUMNS " WHERE id = ?";
constexpr std::string_view kFindRefund = GANTRY_REFUND_COLUMNS " WHERE id = ?";
constexpr std::string_view kRefundsOf =
    GANTRY_REFUND_COLUMNS " WHERE payment_id = ? ORDER BY created_at, id LIMIT ?";

PaymentView payment_from(const SqlRow& row) {
  const ticketing::Currency currency(row.text(4));
  const int64_t amount = row.integer(3), refunded = row.integer(5), committed = row.integer(6);
  const bool captured = row.text(7) == name_of(Status::captured);
  PaymentView view;
  view.id = row.text(0);
  view.reservation_id = row.text(1);
  view.customer_id = row.text(2);
  view.amount = {amount, currency};
  view.amount_refunded = {refunded, currency};
  view.amount_refundable = {captured ? amount - committed : 0, currency};
  view.state = row.text(7);
  view.provider = row.text(8);
  view.provider_reference = row.text(9);
  view.method_type = row.text(10);
  view.brand = row.text(11);
  view.last4 = row.text(12);
  view.failure_code = row.text(13);
  view.attempts_left = row.integer(14);
  view.created_at = row.instant(15);
  view.version = row.integer(16);
  return view;
}

RefundView refund_from(const SqlRow& row) {
  return {std::string(row.text(0)),
          std::string(row.text(1)),
          std::string(row.text(2)),
          {row.integer(3), ticketing::Currency(row.text(4))},
          std::string(row.text(5)),
          std::string(row.text(6)),
          row.instant(7)};
}

SqlValue unless_empty(const std::string& text) {
  return text.empty() ? SqlValue() : SqlValue(text);
}

}  // namespace

std::optional<PaymentView> find_payment(const Host& host, const Uuid& id) {
  std::optional<PaymentView> found;
  const std::string text = id.text();
  const Session session = Session::reading(host, kDatabase);
  session.first(kFind, {text}, [&](const SqlRow& row) { found = payment_from(row); });
  return found;
}

std::vector<PaymentView> list_payments(const Host& host, const PaymentFilter& filter,
                                       const std::optional<PaymentCursor>& after, uint32_t count) {
  const SqlValue state = unless_empty(filter.state), customer = unless_empty(filter.customer);
  const SqlValue before = after ? SqlValue(after->created_at) : SqlValue();
  const SqlValue before_id = after ? SqlValue(after->id) : SqlValue();
  std::vector<PaymentView> found;
  const Session session = Session::reading(host, kDatabase);
  session.each(kList, {state, state, customer, customer, before, before, before, before_id, count},
               [&](const SqlRow& row) { found.push_back(payment_from(row)); });
  return found;
}

std::optional<RefundView> find_refund(const Host& host, const Uuid& id) {
  std::optional<RefundView> found;
  const std::string text = id.text();
  const Session session = Session::reading(host, kDatabase);
  session.first(kFindRefund, {text}, [&](const SqlRow& row) { found = refund_from(row); });
  return found;
}

std::vector<RefundView> refunds_of(const Host& host, const Uuid& payment) {
  std::vector<RefundView> found;
  const std::string text = payment.text();
  const Session session = Session::reading(host, kDatabase);
  session.each(kRefundsOf, {text, kRefundsMax},
               [&](const SqlRow& row) { found.push_back(refund_from(row)); });
  return found;
}

}  // namespace gantry::payments
