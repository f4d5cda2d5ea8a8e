// Simulation: what the provider answers and writes into its books, from the books and the call
// alone. Pure: no clock, no I/O. A key that was used before gets its first outcome again.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gantry::payments_simulator {

enum class Kind { authorize, capture, cancel, refund };
enum class Outcome { authorized, captured, voided, refunded, declined };

struct Entry {
  std::string key;  // of the payment, or of the refund
  Kind kind = Kind::authorize;
  std::string payment_key;
  int64_t amount = 0;  // minor units
  std::string currency;
  Outcome outcome = Outcome::declined;
  std::string decline_code;
  std::string reference;
  std::string brand;
  std::string last4;

  friend bool operator==(const Entry&, const Entry&) = default;
};

// Everything known about one payment.
struct Books {
  std::vector<Entry> entries;  // in order of writing
  uint32_t failures = 0;       // of tok_flaky_<n> so far

  const Entry* find(Kind kind, std::string_view key) const;
  int64_t refunded() const;
};

struct Decision {
  enum class Answer { entry, no_answer, unavailable, absent };
  Answer answer = Answer::absent;
  std::optional<Entry> entry;  // what the caller is told; with `record` also what is written
  bool record = false;
  bool count_failure = false;
  uint32_t delay_ms = 0;
};

struct AuthorizeCall {
  std::string_view key;
  int64_t amount = 0;
  std::string_view currency;
  std::string_view method;
  std::string_view token;
};
Decision authorize(const Books& books, const AuthorizeCall& call);
Decision capture(const Books& books, std::string_view key);
Decision cancel(const Books& books, std::string_view key);

struct RefundCall {
  std::string_view key;
  std::string_view refund_key;
  int64_t amount = 0;
};
Decision refund(const Books& books, const RefundCall& call);

// What is true of a payment's or a refund's key now.
Decision retrieve(const Books& books, std::string_view key);

}  // namespace gantry::payments_simulator
