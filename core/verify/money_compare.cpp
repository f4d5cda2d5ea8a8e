// Money against what others say: the read models at their position, the provider's ledger at the
// end.
#include "core/verify/money.hpp"

namespace gantry::verify {

void Money::compare() {
  if (!view_.database().has_table("payments_view")) return;
  int64_t rows = 0, known = 0;
  const auto row = view_.database().query(
      "SELECT id, reservation_id, amount, currency, amount_refunded, amount_committed, state, "
      "version FROM payments_view");
  for (; row->next(); ++rows) {
    const std::string name(row->bytes(0));
    const auto id = Uuid::from_text(name);
    const auto at = id ? payments_.find(*id) : payments_.end();
    if (at == payments_.end()) {
      view_.differs("payment " + name + " is not in the log");
      continue;
    }
    ++known;
    const Payment& payment = at->second;
    const auto differs = [&](const char* what, const std::string& is, const std::string& folded) {
      if (is != folded)
        view_.differs("payment " + name + " says " + what + ' ' + is + ", the log says " + folded);
    };
    differs("reservation", std::string(row->bytes(1)), payment.reservation.text());
    differs("amount", std::to_string(row->integer(2)), std::to_string(payment.amount));
    differs("currency", std::string(row->bytes(3)), currencies_[payment.currency]);
    differs("refunded", std::to_string(row->integer(4)), std::to_string(payment.refunded));
    differs("committed", std::to_string(row->integer(5)), std::to_string(payment.committed));
    differs("state", std::string(row->bytes(6)), std::string(name_of(payment.state)));
    differs("version", std::to_string(row->integer(7)), std::to_string(payment.version));
  }
  if (known != static_cast<int64_t>(payments_.size()))
    view_.differs(std::to_string(static_cast<int64_t>(payments_.size()) - known) +
                  " payments have no row");
  view_.compared(rows, "payments");
  compare_refunds();
}

void Money::compare_refunds() {
  int64_t rows = 0, known = 0;
  const auto row = view_.database().query("SELECT id, payment_id, amount, state FROM refunds_view");
  for (; row->next(); ++rows) {
    const std::string name(row->bytes(0));
    const auto id = Uuid::from_text(name);
    const auto at = id ? refunds_.find(*id) : refunds_.end();
    if (at == refunds_.end()) {
      view_.differs("refund " + name + " is not in the log");
      continue;
    }
    ++known;
    const Refund& refund = at->second;
    if (row->bytes(1) != refund.payment.text() || row->integer(2) != refund.amount ||
        row->bytes(3) != name_of(refund.state)) {
      view_.differs("refund " + name + " is " + std::string(row->bytes(3)) + " over " +
                    std::to_string(row->integer(2)) + ", the log says " +
                    std::string(name_of(refund.state)) + " over " + std::to_string(refund.amount));
    }
  }
  if (known != static_cast<int64_t>(refunds_.size()))
    view_.differs(std::to_string(static_cast<int64_t>(refunds_.size()) - known) +
                  " refunds have no row");
  view_.compared(rows, "refunds");
}

void Money::check_ledger() {
  if (ledger_ == nullptr || !ledger_->has_table("simulator_ledger")) {
    report_.note(Invariant::money, "no provider's ledger to compare with");
    return;
  }
  int64_t rows = 0;
  const auto row = ledger_->query(
      "SELECT key, amount, currency, outcome FROM simulator_ledger "
      "WHERE outcome IN ('captured', 'refunded') ORDER BY seq");
  for (; row->next(); ++rows) {
    const Uuid key = Uuid::from_text(row->bytes(0)).value_or(Uuid());
    if (row->bytes(3) == "captured")
      see_ledger_capture(key, row->integer(1), std::string(row->bytes(2)));
    else
      see_ledger_refund(key, row->integer(1));
  }
  for (const auto& [id, payment] : payments_) {
    if (payment.simulated && payment.was_captured && !payment.in_ledger)
      ledger_differs("payment " + id.text() + " was captured here, not there");
  }
  for (const auto& [id, refund] : refunds_) {
    const auto payment = payments_.find(refund.payment);
    if (refund.state == RefundState::succeeded && !refund.in_ledger && payment != payments_.end() &&
        payment->second.simulated) {
      ledger_differs("refund " + id.text() + " succeeded here, not there");
    }
  }
  report_.checked(Invariant::money, rows, "entries of the provider's ledger");
}

// The provider is asked before the log is told, so its books may be ahead by what is under way.
void Money::see_ledger_capture(const Uuid& key, int64_t amount, const std::string& currency) {
  const auto at = payments_.find(key);
  if (at == payments_.end()) return ledger_differs("payment " + key.text() + " is not in the log");
  Payment& payment = at->second;
  if (payment.in_ledger) return ledger_differs("payment " + key.text() + " was captured twice");
  payment.in_ledger = true;
  if (payment.state == PaymentState::failed || payment.state == PaymentState::voided)
    return ledger_differs("payment " + key.text() + " was captured, the log says " +
                          std::string(name_of(payment.state)));
  if (payment.amount != amount || currencies_[payment.currency] != currency)
    ledger_differs("payment " + key.text() + " is " + currency + ' ' + std::to_string(amount) +
                   " there, " + currencies_[payment.currency] + ' ' +
                   std::to_string(payment.amount) + " here");
}

void Money::see_ledger_refund(const Uuid& key, int64_t amount) {
  const auto at = refunds_.find(key);
  if (at == refunds_.end()) return ledger_differs("refund " + key.text() + " is not in the log");
  Refund& refund = at->second;
  if (refund.in_ledger) return ledger_differs("refund " + key.text() + " was paid twice");
  refund.in_ledger = true;
  if (refund.state == RefundState::failed)
    return ledger_differs("refund " + key.text() + " was paid, the log says failed");
  if (refund.amount != amount)
    ledger_differs("refund " + key.text() + " is " + std::to_string(amount) + " there, " +
                   std::to_string(refund.amount) + " here");
}

}  // namespace gantry::verify
