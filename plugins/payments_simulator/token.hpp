// Token: what a payment method's token tells the simulator to do. Pure.
#pragma once
#include <cstdint>
#include <string_view>

namespace gantry::payments_simulator {

constexpr uint32_t kSlowMsMax = 5000;
constexpr uint32_t kFailuresMax = 1000;

struct Token {
  enum class Kind {
    ok,
    declined,               // with `code`
    timeout_after_charge,   // authorises, then gives no answer
    timeout_before_charge,  // gives no answer, and nothing happens
    slow,                   // authorises after `number` milliseconds, 0..kSlowMsMax
    flaky,                  // is unavailable `number` times, then ok; 0..kFailuresMax
    unknown,                // no token of ours
  };
  Kind kind = Kind::unknown;
  std::string_view code;  // decline code
  std::string_view last4;
  uint32_t number = 0;

  static Token parse(std::string_view text);
};

}  // namespace gantry::payments_simulator
