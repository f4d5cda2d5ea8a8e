#include "core/config/scalar.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

namespace gantry::config {
namespace {

bool one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  for (const auto word : words) {
    if (text == word) return true;
  }
  return false;
}

bool all_digits(std::string_view text, std::string_view digits) {
  return !text.empty() && text.find_first_not_of(digits) == std::string_view::npos;
}

std::string_view without_sign(std::string_view text) {
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) text.remove_prefix(1);
  return text;
}

constexpr std::string_view kDigits = "0123456789";

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool looks_like_number(std::string_view text) {
  text = without_sign(text);
  const auto mantissa_end = text.find_first_of("eE");
  if (mantissa_end != std::string_view::npos) {
    if (!all_digits(without_sign(text.substr(mantissa_end + 1)), kDigits)) return false;
    text = text.substr(0, mantissa_end);
  }
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return all_digits(text, kDigits);
  const auto whole = text.substr(0, dot), fraction = text.substr(dot + 1);
  if (whole.empty()) return all_digits(fraction, kDigits);
  return all_digits(whole, kDigits) && (fraction.empty() || all_digits(fraction, kDigits));
}

Result<Node::Value, std::string> integer_value(std::string_view digits, int base) {
  if (!digits.empty() && digits[0] == '+') digits.remove_prefix(1);
  int64_t value = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (read.ec != std::errc()) return Refused{std::string("this integer does not fit into 64 bits")};
  return Node::Value(value);
}

Result<Node::Value, std::string> number_value(std::string_view text) {
  if (text[0] == '+') text.remove_prefix(1);
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || !std::isfinite(value)) {
    return Refused{std::string("this number is out of range")};
  }
  return Node::Value(value);
}

}  // namespace

Result<Node::Value, std::string> plain_value(std::string_view text) {
  if (one_of(text, {"", "~", "null", "Null", "NULL"})) return Node::Value(std::monostate());
  if (one_of(text, {"true", "True", "TRUE"})) return Node::Value(true);
  if (one_of(text, {"false", "False", "FALSE"})) return Node::Value(false);
  if (all_digits(without_sign(text), kDigits)) return integer_value(text, 10);
  if (text.starts_with("0o") && all_digits(text.substr(2), "01234567")) {
    return integer_value(text.substr(2), 8);
  }
  if (text.starts_with("0x") && all_digits(text.substr(2), "0123456789abcdefABCDEF")) {
    return integer_value(text.substr(2), 16);
  }
  if (looks_like_number(text)) return number_value(text);
  if (one_of(without_sign(text), {".inf", ".Inf", ".INF"}) ||
      one_of(text, {".nan", ".NaN", ".NAN"})) {
    return Refused{std::string("infinity and not-a-number have no meaning here")};
  }
  return Node::Value(std::string(text));
}

std::string number_text(double number) {
  std::array<char, 40> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
  std::string out(buffer.data(), end);
  if (out.find_first_of(".eE") == std::string::npos) out += ".0";
  return out;
}

}  // namespace gantry::config
