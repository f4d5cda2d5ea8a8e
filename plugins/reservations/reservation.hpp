// One customer's reservation, stream "reservation-<id>":
//   held → paying → confirmed; held|paying → expired|cancelled|failed; confirmed → cancelled.
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

namespace gantry::reservations {

using ticketing::Money;

enum class Status : uint8_t { held, paying, confirmed, expired, cancelled, failed };
std::string_view name_of(Status status);
std::optional<Status> status_from(std::string_view name);

// One place: a seat, or one of many in general admission. Its price never changes.
struct Line {
  std::string section;
  std::optional<std::string> seat;
  std::string tier;
  Money unit_price;
  friend bool operator==(const Line&, const Line&) = default;
};

// What the event said when it was reserved.
struct Terms {
  Uuid event_id;
  std::string title;
  std::string owner_id;
  Instant starts_at;
  ticketing::RefundRules refund_rules;
  int64_t payment_attempts_max = 3;
  friend bool operator==(const Terms&, const Terms&) = default;
};

// Granted once, when the first payment starts.
inline constexpr std::chrono::seconds kPaymentExtension{120};

struct Reservation {
  static constexpr std::string_view kCategory = "reservation";

  // Why a reservation was cancelled.
  enum class Cause : uint8_t { customer, admin, refunded };

  // Events.
  struct Held {
    std::string customer_id;
    Terms terms;
    std::vector<Line> lines;
    Money total;
    Instant expires_at;
    Instant at;
    friend bool operator==(const Held&, const Held&) = default;
  };
  struct PaymentStarted {
    Uuid payment;
    Instant at;
    friend bool operator==(const PaymentStarted&, const PaymentStarted&) = default;
  };
  struct HoldExtended {
    Instant expires_at;
    friend bool operator==(const HoldExtended&, const HoldExtended&) = default;
  };
  struct PaymentDeclined {
    Uuid payment;
    int64_t attempts_left = 0;
    Instant at;
    friend bool operator==(const PaymentDeclined&, const PaymentDeclined&) = default;
  };
  struct Confirmed {
    Uuid payment;
    std::vector<Uuid> tickets;
    Instant at;
    friend bool operator==(const Confirmed&, const Confirmed&) = default;
  };
  struct Expired {
    Instant at;
    friend bool operator==(const Expired&, const Expired&) = default;
  };
  struct Cancelled {
    Cause cause = Cause::customer;
    std::string reason;
    Instant at;
    friend bool operator==(const Cancelled&, const Cancelled&) = default;
  };
  struct Failed {
    Instant at;
    friend bool operator==(const Failed&, const Failed&) = default;
  };
  using Event = std::variant<Held, PaymentStarted, HoldExtended, PaymentDeclined, Confirmed,
                             Expired, Cancelled, Failed>;

  // Commands.
  struct Hold {
    std::string customer_id;
    Terms terms;
    std::vector<Line> lines;
    Money total;
    Instant expires_at;
    Instant now;
  };
  struct BeginPayment {
    Uuid payment;
    std::string customer_id;
    Instant now;
  };
  struct Decline {
    Uuid payment;
    Instant now;
  };
  // tickets: one id for each line.
  struct Confirm {
    Uuid payment;
    std::vector<Uuid> tickets;
    Instant now;
  };
  struct Refund {  // all money has gone back
    Uuid payment;
    Instant now;
  };
  struct Expire {
    Instant now;
  };
  struct Cancel {
    std::string by;
    bool admin = false;
    std::string reason;
    Instant now;
  };
  using Command = std::variant<Hold, BeginPayment, Decline, Confirm, Refund, Expire, Cancel>;

  // Rejections.
  struct NotFound {
    friend bool operator==(const NotFound&, const NotFound&) = default;
  };
  struct AlreadyExists {
    friend bool operator==(const AlreadyExists&, const AlreadyExists&) = default;
  };
  struct NotTheCustomer {
    friend bool operator==(const NotTheCustomer&, const NotTheCustomer&) = default;
  };
  struct AlreadyPaid {
    friend bool operator==(const AlreadyPaid&, const AlreadyPaid&) = default;
  };
  struct PaymentInProgress {
    friend bool operator==(const PaymentInProgress&, const PaymentInProgress&) = default;
  };
  struct HasExpired {
    Instant expires_at;
    friend bool operator==(const HasExpired&, const HasExpired&) = default;
  };
  struct WrongState {
    Status from = Status::held;
    std::string attempted;  // "pay", "confirm", "cancel"
    friend bool operator==(const WrongState&, const WrongState&) = default;
  };
  using Rejection = std::variant<NotFound, AlreadyExists, NotTheCustomer, AlreadyPaid,
                                 PaymentInProgress, HasExpired, WrongState>;

  struct State {
    bool exists = false;
    std::string customer_id;
    Terms terms;
    std::vector<Line> lines;
    Money total;
    Status status = Status::held;
    Instant expires_at;
    Instant created_at;
    std::vector<Uuid> payments;  // every one that was started, in order; the last is current
    Uuid paid_by;                // nil unless it was confirmed
    std::vector<Uuid> tickets;

    // Payments that may still be started.
    int64_t attempts_left() const;
  };

  static Result<std::vector<Event>, Rejection> decide(const State& state, const Command& command);
  static void evolve(State& state, const Event& event);

  // reservation_codec.cpp
  static NewEvent encode(const Event& event);
  static Event decode(std::string_view type, Json data);
};

// The reservation as the API shows it.
std::string reservation_json(const Uuid& id, const Reservation::State& state, int64_t version);

// [{"section", "seat", "tier", "unit_price"}, …], as in events, answers and
// gantry/ticketing/inventory.h.
std::vector<Line> lines_from(Json json);

}  // namespace gantry::reservations
