#include "payment_view.hpp"

namespace gantry::payments {
namespace {

using P = Payment;

constexpr std::string_view kInsert =
    "INSERT INTO payments_view (id, reservation_id, customer_id, amount, currency, amount_refunded,"
    " amount_committed, state, provider, provider_reference, method_type, brand, last4,"
    " failure_code, attempts_left, created_at, version)"
    " VALUES (?, ?, ?, ?, ?, 0, 0, ?, '', '', ?, '', '', '', 0, ?, ?)";
constexpr std::string_view kEnter = "UPDATE payments_view SET state = ? WHERE id = ?";
constexpr std::string_view kAuthorize =
    "UPDATE payments_view SET provider = ?, provider_reference = ?, brand = ?, last4 = ?"
    " WHERE id = ?";
constexpr std::string_view kFail =
    "UPDATE payments_view SET failure_code = ?, attempts_left = ? WHERE id = ?";
constexpr std::string_view kCommit =
    "UPDATE payments_view SET amount_committed = amount_committed + ? WHERE id = ?";
constexpr std::string_view kRefund =
    "UPDATE payments_view SET amount_refunded = amount_refunded + ? WHERE id = ?";
constexpr std::string_view kVersion = "UPDATE payments_view SET version = ? WHERE id = ?";
constexpr std::string_view kInsertRefund =
    "INSERT INTO refunds_view (id, payment_id, customer_id, amount, currency, state, reason,"
    " created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kEndRefund = "UPDATE refunds_view SET state = ? WHERE id = ?";

class Projection {
 public:
  Projection(const StoredEvent& stored, const Rows& rows)
      : stored_(stored), rows_(rows), id_(stored.stream_id()) {}

  void operator()(const P::Requested& e) const {
    const std::string reservation = e.terms.reservation_id.text();
    rows_.run(kInsert, {id_, reservation, e.customer_id, e.amount.minor, e.amount.currency.code(),
                        name_of(Status::processing), e.method.type, e.at, stored_.version()});
  }
  void operator()(const P::Authorized& e) const {
    rows_.run(kAuthorize, {e.provider, e.reference, e.brand, e.last4, id_});
    enter(Status::authorized);
  }
  void operator()(const P::Captured&) const { enter(Status::captured); }
  void operator()(const P::Declined& e) const {
    rows_.run(kFail, {e.code, e.attempts_left, id_});
    enter(Status::failed);
  }
  void operator()(const P::OutcomeUnknown&) const { enter(Status::unknown); }
  void operator()(const P::Voided& e) const {
    rows_.run(kFail, {e.code, 0, id_});
    enter(Status::voided);
  }
  void operator()(const P::RefundRequested& e) const {
    const std::string refund = e.refund_id.text();
    rows_.run(kInsertRefund, {refund, id_, e.customer_id, e.amount.minor, e.amount.currency.code(),
                              name_of(RefundStatus::pending), e.reason, e.at});
    rows_.run(kCommit, {e.amount.minor, id_});
  }
  void operator()(const P::Refunded& e) const {
    end_refund(e.refund_id, RefundStatus::succeeded);
    rows_.run(kRefund, {e.amount.minor, id_});
  }
  void operator()(const P::RefundFailed& e) const {
    end_refund(e.refund_id, RefundStatus::failed);
    rows_.run(kCommit, {-e.amount.minor, id_});
  }

  void moved() const { rows_.run(kVersion, {stored_.version(), id_}); }

 private:
  void enter(Status status) const { rows_.run(kEnter, {name_of(status), id_}); }
  void end_refund(const Uuid& id, RefundStatus status) const {
    const std::string refund = id.text();
    rows_.run(kEndRefund, {name_of(status), refund});
  }

  const StoredEvent& stored_;
  const Rows& rows_;
  std::string_view id_;
};

}  // namespace

void project_payment(const Host& host, const StoredEvent& stored, const Rows& rows) {
  const Projection projection(stored, rows);
  if (!stored.type().starts_with("gantry.")) {  // those are the host's own: a timer fired
    const JsonDocument data(host.json(), stored.data());
    std::visit(projection, P::decode(stored.type(), data.root()));
  }
  projection.moved();
}

}  // namespace gantry::payments
