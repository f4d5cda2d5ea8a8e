#include "provider_client.hpp"

#include <cstring>

namespace gantry::payments {
namespace {

using Kind = Reply::Kind;

template <size_t N>
std::string text(const char (&field)[N]) {
  return std::string(field, strnlen(field, N));
}

Kind kind_of(uint32_t outcome) {
  switch (outcome) {
    case GANTRY_PAY_AUTHORIZED:
      return Kind::authorized;
    case GANTRY_PAY_CAPTURED:
      return Kind::captured;
    case GANTRY_PAY_DECLINED:
      return Kind::declined;
    case GANTRY_PAY_VOIDED:
      return Kind::voided;
    case GANTRY_PAY_REFUNDED:
      return Kind::refunded;
    case GANTRY_PAY_ABSENT:
      return Kind::absent;
    default:
      return Kind::unknown;
  }
}

// What clients can rely on; anything else a provider says is an error of processing.
std::string decline_code(const std::string& code) {
  for (const std::string_view known : {"CARD_DECLINED", "INSUFFICIENT_FUNDS", "EXPIRED_CARD",
                                       "INCORRECT_CVC", "PROCESSING_ERROR"}) {
    if (code == known) return code;
  }
  return "PROCESSING_ERROR";
}

Reply reply_of(const gantry_pay_outcome& outcome) {
  Reply reply{kind_of(outcome.outcome),   outcome.amount,      text(outcome.reference),
              text(outcome.decline_code), text(outcome.brand), text(outcome.last4)};
  if (reply.kind == Kind::declined) reply.code = decline_code(reply.code);
  return reply;
}

}  // namespace

// Only GANTRY_UNAVAILABLE promises that nothing was tried; after any other failure the outcome is
// unknown.
template <class Call>
Reply ProviderClient::call(std::string_view what, const Uuid& key, Call&& call) {
  gantry_pay_outcome outcome{};
  outcome.size = sizeof outcome;
  TextSink why;
  gantry_rc rc = GANTRY_UNAVAILABLE;
  try {
    const auto service = host_.service<gantry_payment_provider>(GANTRY_PAYMENT_PROVIDER_ID);
    rc = call(*service.operator->(), outcome, why.abi());
  } catch (const Error& error) {
    if (error.code() != Code::kUnavailable) throw;
  }
  if (rc == GANTRY_OK) return reply_of(outcome);
  host_.write(Level::warn, "payments.provider_failed", "A call to the payment provider failed",
              {{"call", what}, {"key", key.text()}, {"reason", why.text()}});
  Reply reply;
  reply.kind = rc == GANTRY_UNAVAILABLE ? Kind::unavailable : Kind::unknown;
  return reply;
}

std::string ProviderClient::name() {
  const auto service = host_.service<gantry_payment_provider>(GANTRY_PAYMENT_PROVIDER_ID);
  return std::string(from_abi(service->name(service.self())));
}

Reply ProviderClient::authorize(const Uuid& key, const Money& amount, const Method& method) {
  return call("authorize", key, [&](const auto& table, auto& outcome, auto* why) {
    const std::string id = key.text();
    return table.authorize(table.self, to_abi(id), amount.minor, to_abi(amount.currency.code()),
                           to_abi(method.type), to_abi(method.token), timeout_ms_, &outcome, why);
  });
}

Reply ProviderClient::capture(const Uuid& key) {
  return call("capture", key, [&](const auto& table, auto& outcome, auto* why) {
    const std::string id = key.text();
    return table.capture(table.self, to_abi(id), timeout_ms_, &outcome, why);
  });
}

Reply ProviderClient::cancel(const Uuid& key) {
  return call("cancel", key, [&](const auto& table, auto& outcome, auto* why) {
    const std::string id = key.text();
    return table.cancel(table.self, to_abi(id), timeout_ms_, &outcome, why);
  });
}

Reply ProviderClient::refund(const Uuid& key, const Uuid& refund_key, int64_t amount) {
  return call("refund", refund_key, [&](const auto& table, auto& outcome, auto* why) {
    const std::string id = key.text(), refund_id = refund_key.text();
    return table.refund(table.self, to_abi(id), to_abi(refund_id), amount, timeout_ms_, &outcome,
                        why);
  });
}

Reply ProviderClient::retrieve(const Uuid& key) {
  return call("retrieve", key, [&](const auto& table, auto& outcome, auto* why) {
    const std::string id = key.text();
    return table.retrieve(table.self, to_abi(id), timeout_ms_, &outcome, why);
  });
}

}  // namespace gantry::payments
