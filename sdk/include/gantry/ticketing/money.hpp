// Money: an amount in integer minor units of an ISO 4217 currency. No floating point anywhere.
//
//   JPY 500 is {500, "JPY"}, USD 10.99 is {1099, "USD"}, KWD 1.234 is {1234, "KWD"}.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "gantry/error.hpp"
#include "gantry/json.hpp"
#include "gantry/json_writer.hpp"

namespace gantry::ticketing {

namespace detail {
// Active codes by number of digits after the point. Source: ISO 4217 list one, funds codes left
// out.
inline constexpr std::string_view kNoDigits[] = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY",
                                                 "KMF", "KRW", "PYG", "RWF", "UGX", "VND",
                                                 "VUV", "XAF", "XOF", "XPF"};
inline constexpr std::string_view kThreeDigits[] = {"BHD", "IQD", "JOD", "KWD",
                                                    "LYD", "OMR", "TND"};
inline constexpr std::string_view kTwoDigits[] = {
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD",
    "BDT", "BGN", "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD",
    "CDF", "CHF", "CNY", "COP", "CRC", "CUP", "CVE", "CZK", "DKK", "DOP", "DZD", "EGP",
    "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GTQ", "GYD",
    "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IRR", "JMD", "KES", "KGS", "KHR",
    "KPW", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "MAD", "MDL", "MGA", "MKD",
    "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN",
    "NIO", "NOK", "NPR", "NZD", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "QAR", "RON",
    "RSD", "RUB", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD",
    "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TOP", "TRY", "TTD", "TWD",
    "TZS", "UAH", "USD", "UYU", "UZS", "VES", "WST", "XCD", "YER", "ZAR", "ZMW", "ZWG"};
}  // namespace detail

// Three letters. Any text can be one; is_known() tells whether ISO 4217 has it.
class Currency {
 public:
  constexpr Currency() = default;  // XXX, "no currency"
  explicit constexpr Currency(std::string_view code) {
    for (size_t i = 0; i < code_.size(); ++i) code_[i] = i < code.size() ? code[i] : 'X';
  }

  std::string_view code() const { return {code_.data(), code_.size()}; }
  bool is_known() const { return digits().has_value(); }
  // Digits after the point: JPY 0, USD 2, KWD 3; nullopt when unknown.
  std::optional<int> digits() const {
    if (is_in(detail::kTwoDigits)) return 2;
    if (is_in(detail::kNoDigits)) return 0;
    if (is_in(detail::kThreeDigits)) return 3;
    return std::nullopt;
  }

  friend bool operator==(const Currency&, const Currency&) = default;

 private:
  template <size_t N>
  bool is_in(const std::string_view (&codes)[N]) const {
    return std::binary_search(std::begin(codes), std::end(codes), code());
  }
  std::array<char, 3> code_{'X', 'X', 'X'};
};

struct Money {
  int64_t minor = 0;
  Currency currency;

  friend bool operator==(const Money&, const Money&) = default;
};

namespace detail {
inline void require_same_currency(const Money& a, const Money& b) {
  if (a.currency != b.currency) throw Error(Code::kInvalid, "amounts of different currencies");
}
inline void require_no_overflow(bool overflow) {
  if (overflow) throw Error(Code::kInvalid, "an amount is too large");
}
}  // namespace detail

//   throws  Error{kInvalid}  different currencies, or a sum that does not fit
inline Money operator+(const Money& a, const Money& b) {
  detail::require_same_currency(a, b);
  Money sum = a;
  detail::require_no_overflow(__builtin_add_overflow(a.minor, b.minor, &sum.minor));
  return sum;
}
inline Money operator-(const Money& a, const Money& b) {
  detail::require_same_currency(a, b);
  Money difference = a;
  detail::require_no_overflow(__builtin_sub_overflow(a.minor, b.minor, &difference.minor));
  return difference;
}
inline Money operator*(const Money& a, int64_t count) {
  Money product = a;
  detail::require_no_overflow(__builtin_mul_overflow(a.minor, count, &product.minor));
  return product;
}

// `percent` of an amount, rounded half up to the minor unit; half away from zero when negative.
//
//   percent  0..1000000
//   throws   Error{kInvalid}  the result does not fit
inline Money percent_of(const Money& amount, int64_t percent) {
  const int64_t whole = amount.minor / 100, rest = amount.minor % 100;  // rest has amount's sign
  const int64_t half = amount.minor < 0 ? -50 : 50;
  Money part = amount;
  detail::require_no_overflow(
      __builtin_mul_overflow(whole, percent, &part.minor) ||
      __builtin_add_overflow(part.minor, (rest * percent + half) / 100, &part.minor));
  return part;
}

// {"amount": 1099, "currency": "USD"}
//   throws  Error{kInvalid}  another shape; an amount with a fraction
inline Money money_from(Json json) {
  return {json["amount"].integer(), Currency(json["currency"].text())};
}
inline JsonWriter& write(JsonWriter& json, const Money& money) {
  return json.object().field("amount", money.minor).field("currency", money.currency.code()).end();
}
inline JsonWriter& write(JsonWriter& json, std::string_view name, const Money& money) {
  return write(json.key(name), money);
}

}  // namespace gantry::ticketing
