#include "payment.hpp"

#include <algorithm>

#include "refund_policy.hpp"

namespace gantry::payments {
namespace {

using P = Payment;
using Events = std::vector<P::Event>;
using Decision = Result<Events, P::Rejection>;

constexpr std::string_view kStatusNames[] = {"processing", "authorized", "captured",
                                             "failed",     "voided",     "unknown"};

Decision refuse(P::Rejection reason) { return Refused<P::Rejection>{std::move(reason)}; }
Decision wrong_state(const P::State& state, std::string_view attempted) {
  return refuse(P::WrongState{state.status, std::string(attempted)});
}

bool waits_for(const P::State& state, Step step) {
  if (state.status == Status::unknown) return state.open_step == step;
  return state.status == (step == Step::authorize ? Status::processing : Status::authorized);
}

Decision decide_one(const P::State& state, const P::Request& c) {
  if (state.exists) return refuse(P::AlreadyExists{});
  return Events{P::Requested{c.customer_id, c.terms, c.amount, c.method, c.now}};
}

Decision decide_one(const P::State& state, const P::Authorize& c) {
  if (waits_for(state, Step::authorize))
    return Events{P::Authorized{c.provider, c.reference, c.brand, c.last4, c.now}};
  if (waits_for(state, Step::capture) || state.status == Status::captured) return Events{};
  return wrong_state(state, "authorize");
}

Decision decide_one(const P::State& state, const P::Capture& c) {
  if (state.status == Status::captured) return Events{};
  if (!waits_for(state, Step::capture)) return wrong_state(state, "capture");
  if (c.amount != state.amount.minor) return refuse(P::WrongAmount{state.amount, c.amount});
  return Events{P::Captured{state.terms.reservation_id, state.terms.event_id, state.customer_id,
                            state.amount, c.reference, c.now}};
}

Decision decide_one(const P::State& state, const P::Decline& c) {
  if (state.status == Status::failed) return Events{};
  if (!waits_for(state, c.step)) return wrong_state(state, "decline");
  return Events{P::Declined{c.step, c.code, c.attempts_left, c.now}};
}

Decision decide_one(const P::State& state, const P::LoseTrack& c) {
  if (!waits_for(state, c.step)) return wrong_state(state, "lose track");
  if (state.status == Status::unknown) return Events{};
  return Events{P::OutcomeUnknown{c.step, c.now}};
}

Decision decide_one(const P::State& state, const P::Void& c) {
  if (state.status == Status::voided) return Events{};
  if (!waits_for(state, Step::authorize)) return wrong_state(state, "void");
  return Events{P::Voided{c.code, c.http_status, c.now}};
}

// In this order: what is left at all, then what the policy says.
Decision decide_one(const P::State& state, const P::RequestRefund& c) {
  if (state.find_refund(c.refund_id)) return Events{};
  if (state.status != Status::captured) return wrong_state(state, "refund");
  if (c.amount && c.amount->currency != state.amount.currency) return refuse(P::WrongCurrency{});
  const Money left = state.left();
  if (left.minor <= 0 && state.committed().minor > 0) return refuse(P::AlreadyRefunded{});
  if (c.amount && c.amount->minor > left.minor) return refuse(P::ExceedsCaptured{left});
  const Money allowed = policy_allows(state.terms.refund_rules, state.terms.starts_at, c.now,
                                      state.captured(), state.committed());
  const Money amount = c.amount.value_or(allowed);
  if (amount.minor <= 0 || amount.minor > allowed.minor) return refuse(P::NotRefundable{allowed});
  return Events{P::RefundRequested{c.refund_id, state.customer_id, amount, c.reason, c.by, c.now}};
}

Decision decide_one(const P::State& state, const P::CompleteRefund& c) {
  const P::Refund* refund = state.find_refund(c.refund_id);
  if (!refund) return refuse(P::NotFound{});
  if (refund->status == RefundStatus::succeeded) return Events{};
  if (refund->status == RefundStatus::failed) return wrong_state(state, "complete a failed refund");
  const Money total = state.refunded() + refund->amount;
  return Events{P::Refunded{c.refund_id, state.terms.reservation_id, state.terms.event_id,
                            state.customer_id, refund->amount, total, total == state.captured(),
                            c.reference, c.now}};
}

Decision decide_one(const P::State& state, const P::FailRefund& c) {
  const P::Refund* refund = state.find_refund(c.refund_id);
  if (!refund) return refuse(P::NotFound{});
  if (refund->status == RefundStatus::failed) return Events{};
  if (refund->status == RefundStatus::succeeded)
    return wrong_state(state, "fail a refund that succeeded");
  return Events{P::RefundFailed{c.refund_id, refund->amount, c.code, c.now}};
}

void apply(P::State& state, const P::Requested& e) {
  state.exists = true;
  state.customer_id = e.customer_id;
  state.terms = e.terms;
  state.amount = e.amount;
  state.method = e.method;
  state.created_at = e.at;
}
void apply(P::State& state, const P::Authorized& e) {
  state.status = Status::authorized;
  state.provider = e.provider;
  state.reference = e.reference;
  state.brand = e.brand;
  state.last4 = e.last4;
}
void apply(P::State& state, const P::Captured&) { state.status = Status::captured; }
void apply(P::State& state, const P::Declined& e) {
  state.status = Status::failed;
  state.failure = P::Failure{e.code, e.attempts_left, 402};
}
void apply(P::State& state, const P::OutcomeUnknown& e) {
  state.status = Status::unknown;
  state.open_step = e.step;
}
void apply(P::State& state, const P::Voided& e) {
  state.status = Status::voided;
  state.failure = P::Failure{e.code, 0, e.http_status};
}
void apply(P::State& state, const P::RefundRequested& e) {
  state.refunds.push_back({e.refund_id, e.amount, e.reason, RefundStatus::pending, e.at});
}
void end_refund(P::State& state, const Uuid& id, RefundStatus status) {
  for (P::Refund& refund : state.refunds) {
    if (refund.id == id) refund.status = status;
  }
}
void apply(P::State& state, const P::Refunded& e) {
  end_refund(state, e.refund_id, RefundStatus::succeeded);
}
void apply(P::State& state, const P::RefundFailed& e) {
  end_refund(state, e.refund_id, RefundStatus::failed);
}

}  // namespace

std::string_view name_of(Status status) { return kStatusNames[static_cast<size_t>(status)]; }

std::optional<Status> status_from(std::string_view name) {
  for (size_t i = 0; i < std::size(kStatusNames); ++i) {
    if (kStatusNames[i] == name) return static_cast<Status>(i);
  }
  return std::nullopt;
}

std::string_view name_of(RefundStatus status) {
  constexpr std::string_view kNames[] = {"pending", "succeeded", "failed"};
  return kNames[static_cast<size_t>(status)];
}

std::string_view name_of(Step step) { return step == Step::authorize ? "authorize" : "capture"; }

const Payment::Refund* Payment::State::find_refund(const Uuid& id) const {
  for (const Refund& refund : refunds) {
    if (refund.id == id) return &refund;
  }
  return nullptr;
}

Money Payment::State::captured() const {
  return {status == Status::captured ? amount.minor : 0, amount.currency};
}

Money Payment::State::refunded() const {
  Money sum{0, amount.currency};
  for (const Refund& refund : refunds) {
    if (refund.status == RefundStatus::succeeded) sum = sum + refund.amount;
  }
  return sum;
}

Money Payment::State::committed() const {
  Money sum{0, amount.currency};
  for (const Refund& refund : refunds) {
    if (refund.status != RefundStatus::failed) sum = sum + refund.amount;
  }
  return sum;
}

Result<std::vector<Payment::Event>, Payment::Rejection> Payment::decide(const State& state,
                                                                        const Command& command) {
  if (!state.exists && !std::holds_alternative<Request>(command)) return refuse(NotFound{});
  return std::visit([&](const auto& one) { return decide_one(state, one); }, command);
}

void Payment::evolve(State& state, const Event& event) {
  std::visit([&](const auto& one) { apply(state, one); }, event);
}

}  // namespace gantry::payments
