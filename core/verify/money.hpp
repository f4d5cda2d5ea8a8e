// I2: a payment is captured once and refunded at most so much; a reservation has at most one
// payment whose money was kept, at every position; the simulated provider's books say the same. I6
// for payments_view and refunds_view. Folds the payment-* streams; keeps what is needed of each
// payment.
#pragma once
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/verify/event.hpp"
#include "core/verify/report.hpp"
#include "core/verify/view.hpp"

namespace gantry::verify {

enum class PaymentState : uint8_t { processing, authorized, captured, failed, voided, unknown };
std::string_view name_of(PaymentState state);

struct Payment {
  Uuid reservation;
  int64_t amount = 0, refunded = 0,
          committed = 0;  // minor units; committed: refunds asked for, too
  uint32_t version = 0;
  uint16_t currency = 0;  // number of its name in Money
  PaymentState state = PaymentState::processing;
  bool was_captured = false;
  bool capture_unknown = false;  // nobody knows whether it was
  bool simulated = false;        // by the provider whose books can be read
  bool in_ledger = false;

  // Somebody pays, or may have paid.
  bool is_good_for_capture() const {
    return state == PaymentState::authorized || (state == PaymentState::unknown && capture_unknown);
  }
  bool keeps_money() const { return was_captured && refunded < amount; }
};

enum class RefundState : uint8_t { pending, succeeded, failed };
std::string_view name_of(RefundState state);

struct Refund {
  Uuid payment;
  int64_t amount = 0;
  RefundState state = RefundState::pending;
  bool in_ledger = false;
};

class Money final : public Fold {
 public:
  // ledger: where simulator_ledger is, seen at a moment after that of the log; may be null.
  Money(Database* projections, Database* ledger, Report& report);
  void see(const Event& event, Json data) override;
  void end() override;
  template <class F>  // f(id, payment)
  void each_payment(F&& f) const {
    for (const auto& [id, payment] : payments_) f(id, payment);
  }

 private:
  struct Totals {
    int64_t captured = 0, refunded = 0;
  };
  // One event being applied to one payment.
  struct Step {
    const Event& event;
    const Uuid& id;
    Payment& payment;
    Json data;
  };

  void apply(const Step& step);
  void request(const Step& step);
  void capture(const Step& step);
  void request_refund(const Step& step);
  void complete_refund(const Step& step);
  void fail_refund(const Step& step);
  Refund* pending_refund(const Step& step);
  bool is_amount(const Step& step, Json money, int64_t minor) const;
  void broken(const Step& step, const std::string& what);
  uint16_t currency(std::string_view code);
  std::string totals() const;

  void compare();
  void compare_refunds();
  void check_ledger();
  void see_ledger_capture(const Uuid& key, int64_t amount, const std::string& currency);
  void see_ledger_refund(const Uuid& key, int64_t amount);
  void ledger_differs(const std::string& what) {
    report_.broken(Invariant::money, 0, "the provider's ledger: " + what);
  }

  Report& report_;
  Database* ledger_;
  View view_;
  std::unordered_map<Uuid, Payment> payments_;
  std::unordered_map<Uuid, Refund> refunds_;
  std::unordered_map<Uuid, Uuid> paid_by_;  // reservation → the payment whose money was kept
  std::vector<std::string> currencies_;
  std::map<uint16_t, Totals> totals_;
  int64_t seen_ = 0;
};

}  // namespace gantry::verify
