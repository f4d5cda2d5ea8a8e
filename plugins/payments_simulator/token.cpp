#include "token.hpp"

#include <algorithm>
#include <charconv>

namespace gantry::payments_simulator {
namespace {

using Kind = Token::Kind;

struct Known {
  std::string_view text;
  Token token;
};
constexpr Known kKnown[] = {
    {"tok_ok", {Kind::ok, "", "4242", 0}},
    {"tok_declined", {Kind::declined, "CARD_DECLINED", "0002", 0}},
    {"tok_insufficient_funds", {Kind::declined, "INSUFFICIENT_FUNDS", "9995", 0}},
    {"tok_expired_card", {Kind::declined, "EXPIRED_CARD", "0069", 0}},
    {"tok_incorrect_cvc", {Kind::declined, "INCORRECT_CVC", "0127", 0}},
    {"tok_processing_error", {Kind::declined, "PROCESSING_ERROR", "0119", 0}},
    {"tok_timeout_after_charge", {Kind::timeout_after_charge, "", "3063", 0}},
    {"tok_timeout_before_charge", {Kind::timeout_before_charge, "", "3055", 0}},
};

// The number after `prefix`, at most `max`; false when `text` is something else.
bool read_number(std::string_view text, std::string_view prefix, uint32_t max, uint32_t& number) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || end != text.data() + text.size() || error == std::errc::invalid_argument)
    return false;
  number = error == std::errc() ? std::min(number, max) : max;
  return true;
}

}  // namespace

Token Token::parse(std::string_view text) {
  for (const Known& known : kKnown) {
    if (known.text == text) return known.token;
  }
  uint32_t number = 0;
  if (read_number(text, "tok_slow_", kSlowMsMax, number)) return {Kind::slow, "", "4242", number};
  if (read_number(text, "tok_flaky_", kFailuresMax, number))
    return {Kind::flaky, "", "4242", number};
  return {Kind::unknown, "CARD_DECLINED", "0002", 0};
}

}  // namespace gantry::payments_simulator
