// Desk: what the handlers and the process of this plugin work with.
#pragma once
#include "gantry/aggregate.hpp"
#include "gantry/page_token.hpp"
#include "payment.hpp"
#include "settings.hpp"
#include "waiters.hpp"

namespace gantry::payments {

struct Desk {
  explicit Desk(const Host& h) : host(h), payments(h.aggregates<Payment>()) {}

  const Host& host;
  Repository<Payment>& payments;
  Waiters waiters;
  Settings settings;           // set in start()
  PageTokens page_tokens{""};  // set in start()
};

inline constexpr std::string_view kDatabase = "projections";

// Read model of payments and refunds; a raised version is built anew from the log.
inline constexpr std::string_view kView = "payments.view";
inline constexpr uint32_t kViewVersion = 1;

inline constexpr std::string_view kSettleProcess = "payments.settle";

inline std::string stream_of(const Uuid& payment) {
  return Repository<Payment>::stream_of(payment.text());
}

}  // namespace gantry::payments
