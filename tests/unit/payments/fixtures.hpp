// What the tests of payments talk about.
#pragma once
#include <chrono>

#include "gantry/testkit/spec.hpp"
#include "payment.hpp"

namespace gantry::payments {

using namespace std::chrono_literals;
using Given = testkit::Spec<Payment>;
using P = Payment;

inline Uuid id(uint8_t n) {
  std::array<uint8_t, 16> bytes{};
  bytes[15] = n;
  return Uuid(bytes);
}
inline const Uuid kPayment = id(1), kReservation = id(2), kEvent = id(3);
inline const std::string kAlice = id(7).text();
inline const Uuid kRefund = id(10), kOther = id(11), kThird = id(12);

constexpr Instant kNow(1'800'000'000'000'000);
inline Instant at(std::chrono::microseconds later) { return kNow + later; }

inline Money usd(int64_t cents) { return {cents, ticketing::Currency("USD")}; }

// The event starts 30 days later, so that everything can still go back.
inline const Terms kTerms{kReservation, kEvent, "owner", kNow + 24h * 30,
                          ticketing::default_refund_rules()};

inline const P::Requested kRequested{kAlice, kTerms, usd(1000), {"card", "tok_ok"}, at(0s)};
inline const P::Authorized kAuthorized{"simulator", "auth", "visa", "4242", at(1s)};
inline const P::Captured kCaptured{kReservation, kEvent, kAlice, usd(1000), "cap", at(2s)};
inline const P::Declined kDeclined{Step::authorize, "CARD_DECLINED", 2, at(1s)};
inline const P::OutcomeUnknown kLost{Step::authorize, at(1s)};
inline const P::Voided kVoided{"RESERVATION_EXPIRED", 410, at(1s)};

inline const P::Authorize kAuthorize{"simulator", "auth", "visa", "4242", at(1s)};
inline const P::Capture kCapture{1000, "cap", at(2s)};

inline P::RefundRequested asked(const Uuid& refund, int64_t cents) {
  return {refund, kAlice, usd(cents), "ill", kAlice, at(1h)};
}
inline P::RequestRefund ask(const Uuid& refund, std::optional<int64_t> cents = {}) {
  return {refund, cents ? std::optional(usd(*cents)) : std::nullopt, "ill", kAlice, at(1h)};
}
inline P::Refunded went_back(const Uuid& refund, int64_t cents, int64_t total) {
  return {refund,     kReservation,  kEvent, kAlice, usd(cents),
          usd(total), total == 1000, "ref",  at(2h)};
}

}  // namespace gantry::payments
