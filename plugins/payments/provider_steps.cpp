#include "provider_steps.hpp"

#include "mutation.hpp"

namespace gantry::payments {
namespace {

using Kind = Reply::Kind;

Reply processing_error() {
  Reply reply;
  reply.kind = Kind::declined;
  reply.code = "PROCESSING_ERROR";
  return reply;
}

bool no_answer(const Reply& reply) {
  return reply.kind == Kind::unknown || reply.kind == Kind::unavailable;
}

}  // namespace

// not_done: what retrieve() answers when the call has not happened, besides absent.
template <class Call>
Reply ProviderSteps::call_and_ask(const Uuid& asked, Reply::Kind not_done, Call&& call) {
  Reply last;
  last.kind = Kind::unavailable;
  for (int attempt = 0; attempt < attempts_max_; ++attempt) {
    Reply reply = call();
    if (reply.kind == Kind::unavailable) continue;  // `last` stays: an earlier call may have acted
    if (reply.kind != Kind::unknown) return reply;
    last = std::move(reply);
    Reply truth = provider_.retrieve(asked);
    if (no_answer(truth)) return last;
    if (truth.kind != Kind::absent && truth.kind != not_done) return truth;
  }
  return last;
}

Reply ProviderSteps::authorize(const Uuid& payment, const Payment::State& state) {
  Reply reply = call_and_ask(payment, Kind::absent, [&] {
    return provider_.authorize(payment, state.amount, state.method);
  });
  if (reply.kind == Kind::captured) reply.kind = Kind::authorized;
  if (reply.kind == Kind::voided || reply.kind == Kind::absent) return processing_error();
  return reply;
}

Reply ProviderSteps::resolve_authorization(const Uuid& payment, const Payment::State& state,
                                           bool again) {
  Reply truth = provider_.retrieve(payment);
  if (no_answer(truth)) return truth;
  if (truth.kind == Kind::absent && again) return authorize(payment, state);
  if (truth.kind == Kind::captured) truth.kind = Kind::authorized;
  if (truth.kind == Kind::authorized || truth.kind == Kind::declined) return truth;
  if (truth.kind == Kind::absent && give_back(payment).kind != Kind::voided) {
    truth.kind = Kind::unknown;
    return truth;
  }
  return processing_error();
}

Reply ProviderSteps::capture(const Uuid& payment) {
  Reply reply = call_and_ask(payment, Kind::authorized, [&] { return provider_.capture(payment); });
  if (reply.kind == Kind::voided || reply.kind == Kind::absent) return processing_error();
  return reply;
}

Reply ProviderSteps::give_back(const Uuid& payment) {
  Reply reply = call_and_ask(payment, Kind::authorized, [&] { return provider_.cancel(payment); });
  if (reply.kind == Kind::absent || reply.kind == Kind::declined) reply.kind = Kind::voided;
  return reply;
}

Reply ProviderSteps::refund(const Uuid& payment, const Payment::Refund& refund) {
  Reply reply = call_and_ask(refund.id, Kind::absent, [&] {
    return provider_.refund(payment, refund_key(refund.id), refund.amount.minor);
  });
  if (reply.kind == Kind::absent) return processing_error();
  return reply;
}

}  // namespace gantry::payments
