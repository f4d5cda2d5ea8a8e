#include "provider.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "ledger_rows.hpp"
#include "token.hpp"

namespace gantry::payments_simulator {
namespace {

Provider& provider_of(void* self) { return *static_cast<Provider*>(self); }

template <size_t N>
void copy(std::string_view text, char (&out)[N]) {
  const size_t size = std::min(text.size(), N - 1);
  std::memcpy(out, text.data(), size);
  out[size] = '\0';
}

uint32_t abi_value(Outcome outcome) {
  switch (outcome) {
    case Outcome::authorized:
      return GANTRY_PAY_AUTHORIZED;
    case Outcome::captured:
      return GANTRY_PAY_CAPTURED;
    case Outcome::voided:
      return GANTRY_PAY_VOIDED;
    case Outcome::refunded:
      return GANTRY_PAY_REFUNDED;
    case Outcome::declined:
      return GANTRY_PAY_DECLINED;
  }
  return GANTRY_PAY_UNKNOWN;
}

gantry_pay_outcome abi_outcome(const Decision& decision) {
  gantry_pay_outcome out{};
  out.size = sizeof out;
  out.outcome = GANTRY_PAY_UNKNOWN;
  if (decision.answer == Decision::Answer::absent) out.outcome = GANTRY_PAY_ABSENT;
  if (decision.answer != Decision::Answer::entry) return out;
  const Entry& entry = *decision.entry;
  out.outcome = abi_value(entry.outcome);
  out.amount = entry.outcome == Outcome::declined ? 0 : entry.amount;
  copy(entry.reference, out.reference);
  copy(entry.decline_code, out.decline_code);
  copy(entry.brand, out.brand);
  copy(entry.last4, out.last4);
  return out;
}

}  // namespace

Provider::Provider(const Host& host) : host_(host), table_{} {
  table_.size = sizeof table_;
  table_.self = this;
  table_.name = [](void*) noexcept { return to_abi("simulator"); };
  table_.authorize = [](void* self, gantry_str key, int64_t amount, gantry_str currency,
                        gantry_str method, gantry_str token, uint32_t deadline_ms,
                        gantry_pay_outcome* outcome, const gantry_sink* why) noexcept {
    return guarded(why, [&] {
      const AuthorizeCall call{from_abi(key), amount, from_abi(currency), from_abi(method),
                               from_abi(token)};
      Provider& me = provider_of(self);
      if (Token::parse(call.token).kind == Token::Kind::unknown)
        me.host_.write(Level::warn, "payments_simulator.unknown_token",
                       "A payment came with a token that the simulator does not know; declined",
                       {{"key", call.key}});
      me.answer(
          call.key, deadline_ms, [&](const Books& books) { return authorize(books, call); },
          *outcome);
    });
  };
  table_.capture = [](void* self, gantry_str key, uint32_t deadline_ms, gantry_pay_outcome* outcome,
                      const gantry_sink* why) noexcept {
    return guarded(why, [&] {
      provider_of(self).answer(
          from_abi(key), deadline_ms,
          [&](const Books& books) { return capture(books, from_abi(key)); }, *outcome);
    });
  };
  table_.cancel = [](void* self, gantry_str key, uint32_t deadline_ms, gantry_pay_outcome* outcome,
                     const gantry_sink* why) noexcept {
    return guarded(why, [&] {
      provider_of(self).answer(
          from_abi(key), deadline_ms,
          [&](const Books& books) { return cancel(books, from_abi(key)); }, *outcome);
    });
  };
  table_.refund = [](void* self, gantry_str key, gantry_str refund_key, int64_t amount,
                     uint32_t deadline_ms, gantry_pay_outcome* outcome,
                     const gantry_sink* why) noexcept {
    return guarded(why, [&] {
      const RefundCall call{from_abi(key), from_abi(refund_key), amount};
      provider_of(self).answer(
          call.key, deadline_ms, [&](const Books& books) { return refund(books, call); }, *outcome);
    });
  };
  table_.retrieve = [](void* self, gantry_str key, uint32_t deadline_ms,
                       gantry_pay_outcome* outcome, const gantry_sink* why) noexcept {
    return guarded(why, [&] {
      provider_of(self).answer(
          from_abi(key), deadline_ms,
          [&](const Books& books) { return retrieve(books, from_abi(key)); }, *outcome);
    });
  };
}

void Provider::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  stopping_.notify_all();
}

void Provider::answer(std::string_view key, uint32_t deadline_ms, const Decide& decide,
                      gantry_pay_outcome& outcome) {
  const Decision decision = decide_and_write(key, decide);
  const bool in_time = wait(latency_ms_ + decision.delay_ms, deadline_ms);
  if (decision.answer == Decision::Answer::unavailable)
    throw Error(Code::kUnavailable, "the simulated provider is not available");
  outcome =
      abi_outcome(in_time ? decision : Decision{Decision::Answer::no_answer, {}, false, false, 0});
}

// Reads and writes under one lock, so that of two calls with one key the second sees the first
// one's entry.
Decision Provider::decide_and_write(std::string_view key, const Decide& decide) const {
  const Session session = Session::writing(host_, kDatabase);
  session.begin();
  lock_books(session, key);
  Decision decision = decide(read_books(session, key));
  if (decision.record) add_entry(session, *decision.entry, host_.now());
  if (decision.count_failure) count_failure(session, key);
  session.commit();
  return decision;
}

bool Provider::wait(uint32_t delay_ms, uint32_t deadline_ms) {
  const auto time = std::chrono::milliseconds(std::min(delay_ms, deadline_ms));
  if (time.count() > 0) {
    std::unique_lock lock(mutex_);
    stopping_.wait_for(lock, time, [this] { return stopped_; });
  }
  return delay_ms < deadline_ms;
}

}  // namespace gantry::payments_simulator
