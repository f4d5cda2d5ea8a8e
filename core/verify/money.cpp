#include "core/verify/money.hpp"

#include <algorithm>

namespace gantry::verify {
namespace {

constexpr std::string_view kCategory = "payment";

Uuid id_in(Json data, const char* member) {
  return Uuid::from_text(data[member].text()).value_or(Uuid());
}
int64_t minor_of(Json money) { return money["amount"].integer_or(0); }

}  // namespace

std::string_view name_of(PaymentState state) {
  constexpr std::string_view kNames[] = {"processing", "authorized", "captured",
                                         "failed",     "voided",     "unknown"};
  return kNames[static_cast<size_t>(state)];
}

std::string_view name_of(RefundState state) {
  constexpr std::string_view kNames[] = {"pending", "succeeded", "failed"};
  return kNames[static_cast<size_t>(state)];
}

Money::Money(Database* projections, Database* ledger, Report& report)
    : report_(report),
      ledger_(ledger),
      view_(projections, report, "payments.view", "payments_view"),
      currencies_{""} {}

void Money::see(const Event& event, Json data) {
  if (view_.is_due(event.position)) compare();
  if (!event.is_of(kCategory)) return;
  const auto id = Uuid::from_text(event.stream_key(kCategory));
  if (!id) return;
  const auto [at, fresh] = payments_.try_emplace(*id);
  at->second.version = static_cast<uint32_t>(event.version);
  if (event.is_hosts_own()) return;
  ++seen_;
  const Step step{event, at->first, at->second, data};
  if (fresh != (event.type == "payments.requested.v1"))
    broken(step, fresh ? "begins without a request" : "is requested again");
  apply(step);
}

void Money::apply(const Step& step) {
  const std::string_view type = step.event.type;
  if (type == "payments.requested.v1") {
    request(step);
  } else if (type == "payments.authorized.v1") {
    step.payment.state = PaymentState::authorized;
    step.payment.simulated = step.data["provider"].text() == "simulator";
  } else if (type == "payments.captured.v1") {
    capture(step);
  } else if (type == "payments.declined.v1") {
    step.payment.state = PaymentState::failed;
  } else if (type == "payments.outcome_unknown.v1") {
    step.payment.state = PaymentState::unknown;
    step.payment.capture_unknown = step.data["step"].text() == "capture";
  } else if (type == "payments.voided.v1") {
    step.payment.state = PaymentState::voided;
  } else if (type == "payments.refund_requested.v1") {
    request_refund(step);
  } else if (type == "payments.refunded.v1") {
    complete_refund(step);
  } else if (type == "payments.refund_failed.v1") {
    fail_refund(step);
  } else {
    broken(step, "is of an unknown type, " + std::string(type));
  }
  if (step.payment.was_captured && step.payment.state != PaymentState::captured)
    broken(step, "leaves the state captured");
}

void Money::request(const Step& step) {
  step.payment.reservation = id_in(step.data, "reservation_id");
  step.payment.amount = minor_of(step.data["amount"]);
  step.payment.currency = currency(step.data["amount"]["currency"].text());
  if (step.payment.amount < 0) broken(step, "asks for a negative amount");
}

void Money::capture(const Step& step) {
  if (step.payment.was_captured) return broken(step, "is captured again");
  if (!step.payment.is_good_for_capture())
    broken(step, "is captured while it is " + std::string(name_of(step.payment.state)));
  step.payment.state = PaymentState::captured;
  step.payment.was_captured = true;
  if (!is_amount(step, step.data["amount"], step.payment.amount))
    broken(step, "captures another amount than was asked for");
  totals_[step.payment.currency].captured += step.payment.amount;
  const auto [other, first] = paid_by_.emplace(step.payment.reservation, step.id);
  if (!first)
    broken(step, "reservation " + step.payment.reservation.text() + " is paid by " +
                     other->second.text() + " already");
}

void Money::request_refund(const Step& step) {
  const Refund refund{step.id, minor_of(step.data["amount"]), RefundState::pending, false};
  const Uuid id = id_in(step.data, "refund_id");
  if (!refunds_.emplace(id, refund).second)
    return broken(step, "asks for refund " + id.text() + " again");
  step.payment.committed += refund.amount;
  const int64_t captured = step.payment.was_captured ? step.payment.amount : 0;
  if (refund.amount <= 0 || step.payment.committed > captured)
    broken(step, "refunds " + std::to_string(step.payment.committed) + " of " +
                     std::to_string(captured) + " captured");
}

void Money::complete_refund(const Step& step) {
  Refund* refund = pending_refund(step);
  if (refund == nullptr) return;
  refund->state = RefundState::succeeded;
  step.payment.refunded += refund->amount;
  totals_[step.payment.currency].refunded += refund->amount;
  if (!is_amount(step, step.data["amount"], refund->amount))
    broken(step, "refunds another amount than was asked for");
  if (!is_amount(step, step.data["refunded_total"], step.payment.refunded))
    broken(step, "refunded_total is not " + std::to_string(step.payment.refunded));
  if (step.payment.refunded > step.payment.amount)
    broken(step, "has refunded " + std::to_string(step.payment.refunded) + " of " +
                     std::to_string(step.payment.amount));
  if (step.payment.refunded < step.payment.amount) return;
  const auto paid = paid_by_.find(step.payment.reservation);
  if (paid != paid_by_.end() && paid->second == step.id) paid_by_.erase(paid);
}

void Money::fail_refund(const Step& step) {
  Refund* refund = pending_refund(step);
  if (refund == nullptr) return;
  refund->state = RefundState::failed;
  step.payment.committed -= refund->amount;
}

Refund* Money::pending_refund(const Step& step) {
  const Uuid id = id_in(step.data, "refund_id");
  const auto at = refunds_.find(id);
  if (at != refunds_.end() && at->second.payment == step.id &&
      at->second.state == RefundState::pending) {
    return &at->second;
  }
  broken(step, "ends refund " + id.text() + ", which is not under way");
  return nullptr;
}

bool Money::is_amount(const Step& step, Json money, int64_t minor) const {
  return minor_of(money) == minor && money["currency"].text() == currencies_[step.payment.currency];
}

void Money::broken(const Step& step, const std::string& what) {
  report_.broken(Invariant::money, step.event.position, "payment " + step.id.text() + ": " + what);
}

uint16_t Money::currency(std::string_view code) {
  const auto at = std::find(currencies_.begin(), currencies_.end(), code);
  const auto number = static_cast<uint16_t>(at - currencies_.begin());
  if (at == currencies_.end()) currencies_.emplace_back(code);
  return number;
}

std::string Money::totals() const {
  std::string out;
  for (const auto& [currency, sums] : totals_)
    out += (out.empty() ? "" : "; ") + currencies_[currency] + ' ' + std::to_string(sums.captured) +
           " captured, " + std::to_string(sums.refunded) + " refunded";
  return out;
}

void Money::end() {
  if (view_.is_due_at_end()) compare();
  report_.checked(Invariant::money, seen_, "payment events");
  if (!totals_.empty()) report_.note(Invariant::money, totals());
  check_ledger();
}

}  // namespace gantry::verify
