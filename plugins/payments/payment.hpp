// One payment for one reservation, stream "payment-<id>", with its refunds:
//   processing → authorized → captured; processing → failed | voided; authorized → failed;
//   unknown, wherever the provider has not answered, until it has been asked again.
// Pure: no clock, no I/O, no ids made here.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gantry/json.hpp"
#include "gantry/log.hpp"
#include "gantry/result.hpp"
#include "gantry/ticketing/money.hpp"
#include "gantry/ticketing/refund_rules.hpp"

namespace gantry::payments {

using ticketing::Money;

enum class Status : uint8_t { processing, authorized, captured, failed, voided, unknown };
std::string_view name_of(Status status);
std::optional<Status> status_from(std::string_view name);

enum class RefundStatus : uint8_t { pending, succeeded, failed };
std::string_view name_of(RefundStatus status);

// What the provider was asked for.
enum class Step : uint8_t { authorize, capture };
std::string_view name_of(Step step);

struct Method {
  std::string type;   // card, paypal, apple_pay
  std::string token;  // the provider's; in the log and nowhere else
  friend bool operator==(const Method&, const Method&) = default;
};

// What the reservation said when the payment began.
struct Terms {
  Uuid reservation_id;
  Uuid event_id;
  std::string event_owner_id;
  Instant starts_at;
  ticketing::RefundRules refund_rules;
  friend bool operator==(const Terms&, const Terms&) = default;
};

struct Payment {
  static constexpr std::string_view kCategory = "payment";

  // Events.
  struct Requested {
    std::string customer_id;
    Terms terms;
    Money amount;
    Method method;
    Instant at;
    friend bool operator==(const Requested&, const Requested&) = default;
  };
  struct Authorized {
    std::string provider, reference, brand, last4;
    Instant at;
    friend bool operator==(const Authorized&, const Authorized&) = default;
  };
  struct Captured {
    Uuid reservation_id, event_id;
    std::string customer_id;
    Money amount;
    std::string reference;
    Instant at;
    friend bool operator==(const Captured&, const Captured&) = default;
  };
  struct Declined {
    Step step = Step::authorize;
    std::string code;
    int64_t attempts_left = 0;  // further payments for the reservation
    Instant at;
    friend bool operator==(const Declined&, const Declined&) = default;
  };
  struct OutcomeUnknown {
    Step step = Step::authorize;
    Instant at;
    friend bool operator==(const OutcomeUnknown&, const OutcomeUnknown&) = default;
  };
  // Authorised too late: there are no seats for the money, so it is not taken.
  struct Voided {
    std::string code;  // what the reservation answered: RESERVATION_EXPIRED, ALREADY_PAID
    int64_t http_status = 410;
    Instant at;
    friend bool operator==(const Voided&, const Voided&) = default;
  };
  struct RefundRequested {
    Uuid refund_id;
    std::string customer_id;
    Money amount;
    std::string reason;
    std::string requested_by;
    Instant at;
    friend bool operator==(const RefundRequested&, const RefundRequested&) = default;
  };
  struct Refunded {
    Uuid refund_id;
    Uuid reservation_id, event_id;
    std::string customer_id;
    Money amount;
    Money refunded_total;
    bool all = false;  // everything that was captured has gone back
    std::string reference;
    Instant at;
    friend bool operator==(const Refunded&, const Refunded&) = default;
  };
  struct RefundFailed {
    Uuid refund_id;
    Money amount;
    std::string code;
    Instant at;
    friend bool operator==(const RefundFailed&, const RefundFailed&) = default;
  };
  using Event = std::variant<Requested, Authorized, Captured, Declined, OutcomeUnknown, Voided,
                             RefundRequested, Refunded, RefundFailed>;

  // Commands.
  struct Request {
    std::string customer_id;
    Terms terms;
    Money amount;
    Method method;
    Instant now;
  };
  struct Authorize {
    std::string provider, reference, brand, last4;
    Instant now;
  };
  struct Capture {
    int64_t amount = 0;  // minor units, as the provider says
    std::string reference;
    Instant now;
  };
  struct Decline {
    Step step = Step::authorize;
    std::string code;
    int64_t attempts_left = 0;
    Instant now;
  };
  struct LoseTrack {
    Step step = Step::authorize;
    Instant now;
  };
  struct Void {
    std::string code;
    int64_t http_status = 410;
    Instant now;
  };
  struct RequestRefund {
    Uuid refund_id;
    std::optional<Money> amount;  // nothing: whatever the policy leaves
    std::string reason;
    std::string by;
    Instant now;
  };
  struct CompleteRefund {
    Uuid refund_id;
    std::string reference;
    Instant now;
  };
  struct FailRefund {
    Uuid refund_id;
    std::string code;
    Instant now;
  };
  using Command = std::variant<Request, Authorize, Capture, Decline, LoseTrack, Void, RequestRefund,
                               CompleteRefund, FailRefund>;

  // Rejections.
  struct NotFound {
    friend bool operator==(const NotFound&, const NotFound&) = default;
  };
  struct AlreadyExists {
    friend bool operator==(const AlreadyExists&, const AlreadyExists&) = default;
  };
  struct WrongState {
    Status from = Status::processing;
    std::string attempted;  // "authorize", "capture", …
    friend bool operator==(const WrongState&, const WrongState&) = default;
  };
  struct WrongAmount {  // the provider took another amount than was authorised
    Money expected;
    int64_t actual = 0;
    friend bool operator==(const WrongAmount&, const WrongAmount&) = default;
  };
  struct WrongCurrency {
    friend bool operator==(const WrongCurrency&, const WrongCurrency&) = default;
  };
  struct NotRefundable {  // the policy does not give that much back
    Money allowed;
    friend bool operator==(const NotRefundable&, const NotRefundable&) = default;
  };
  struct ExceedsCaptured {
    Money left;
    friend bool operator==(const ExceedsCaptured&, const ExceedsCaptured&) = default;
  };
  struct AlreadyRefunded {
    friend bool operator==(const AlreadyRefunded&, const AlreadyRefunded&) = default;
  };
  using Rejection = std::variant<NotFound, AlreadyExists, WrongState, WrongAmount, WrongCurrency,
                                 NotRefundable, ExceedsCaptured, AlreadyRefunded>;

  struct Refund {
    Uuid id;
    Money amount;
    std::string reason;
    RefundStatus status = RefundStatus::pending;
    Instant created_at;
  };
  struct Failure {
    std::string code;
    int64_t attempts_left = 0;
    int64_t http_status = 402;
  };

  struct State {
    bool exists = false;
    std::string customer_id;
    Terms terms;
    Money amount;
    Method method;
    Status status = Status::processing;
    Step open_step = Step::authorize;  // while unknown: what is not known
    std::string provider, reference, brand, last4;
    std::optional<Failure> failure;
    std::vector<Refund> refunds;
    Instant created_at;

    const Refund* find_refund(const Uuid& id) const;
    Money captured() const;   // what we have taken, before refunds
    Money refunded() const;   // has gone back
    Money committed() const;  // has gone back or is going
    Money left() const { return captured() - committed(); }
  };

  static Result<std::vector<Event>, Rejection> decide(const State& state, const Command& command);
  static void evolve(State& state, const Event& event);
  static NewEvent encode(const Event& event);  // payment_codec.cpp
  static Event decode(std::string_view type, Json data);
};

}  // namespace gantry::payments
