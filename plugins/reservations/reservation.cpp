#include "reservation.hpp"

#include <algorithm>

namespace gantry::reservations {
namespace {

using R = Reservation;
using Events = std::vector<R::Event>;
using Decision = Result<Events, R::Rejection>;

Decision refuse(R::Rejection reason) { return Refused<R::Rejection>{std::move(reason)}; }

bool is_open(const R::State& state) {
  return state.status == Status::held || state.status == Status::paying;
}
bool is_current(const R::State& state, const Uuid& payment) {
  return state.status == Status::paying && state.payments.back() == payment;
}
bool knows(const R::State& state, const Uuid& payment) {
  return std::find(state.payments.begin(), state.payments.end(), payment) != state.payments.end();
}

Decision decide_one(const R::State& state, const R::Hold& hold) {
  if (state.exists) return refuse(R::AlreadyExists{});
  return Events{
      R::Held{hold.customer_id, hold.terms, hold.lines, hold.total, hold.expires_at, hold.now}};
}

Decision decide_one(const R::State& state, const R::BeginPayment& begin) {
  if (state.customer_id != begin.customer_id) return refuse(R::NotTheCustomer{});
  if (is_current(state, begin.payment)) return Events{};
  if (state.status == Status::confirmed) return refuse(R::AlreadyPaid{});
  if (state.status == Status::expired || (is_open(state) && begin.now >= state.expires_at))
    return refuse(R::HasExpired{state.expires_at});
  if (state.status == Status::paying) return refuse(R::PaymentInProgress{});
  if (state.status != Status::held) return refuse(R::WrongState{state.status, "pay"});
  Events events{R::PaymentStarted{begin.payment, begin.now}};
  if (state.payments.empty())
    events.emplace_back(R::HoldExtended{state.expires_at + kPaymentExtension});
  return events;
}

// A refusal of a payment that is not under way any more changes nothing: the reservation has
// expired or was cancelled meanwhile, or this was said before.
Decision decide_one(const R::State& state, const R::Decline& decline) {
  if (!is_current(state, decline.payment)) return Events{};
  Events events{R::PaymentDeclined{decline.payment, state.attempts_left(), decline.now}};
  if (state.attempts_left() == 0) events.emplace_back(R::Failed{decline.now});
  return events;
}

// The money has been taken, so this is refused only when there is nothing to give for it: late is
// fine as long as the inventory still has the seats.
Decision decide_one(const R::State& state, const R::Confirm& confirm) {
  if (state.status == Status::confirmed) {
    if (state.paid_by == confirm.payment) return Events{};
    return refuse(R::AlreadyPaid{});
  }
  if (!knows(state, confirm.payment)) return refuse(R::WrongState{state.status, "confirm"});
  // Cancelled, and its customer told so, or refunded since: it does not come back to be paid for.
  if (state.status == Status::cancelled || !state.paid_by.is_nil())
    return refuse(R::HasExpired{state.expires_at});
  return Events{R::Confirmed{confirm.payment, confirm.tickets, confirm.now}};
}

Decision decide_one(const R::State& state, const R::Refund& refund) {
  if (state.status != Status::confirmed || state.paid_by != refund.payment) return Events{};
  return Events{R::Cancelled{R::Cause::refunded, "refunded", refund.now}};
}

Decision decide_one(const R::State& state, const R::Expire& expire) {
  if (!is_open(state) || expire.now < state.expires_at) return Events{};
  return Events{R::Expired{expire.now}};
}

Decision decide_one(const R::State& state, const R::Cancel& cancel) {
  const bool is_customer = cancel.by == state.customer_id;
  if (!is_customer && !cancel.admin) return refuse(R::NotTheCustomer{});
  if (state.status == Status::cancelled) return Events{};
  if (!is_open(state)) return refuse(R::WrongState{state.status, "cancel"});
  return Events{
      R::Cancelled{is_customer ? R::Cause::customer : R::Cause::admin, cancel.reason, cancel.now}};
}

void apply(R::State& state, const R::Held& e) {
  state.exists = true;
  state.customer_id = e.customer_id;
  state.terms = e.terms;
  state.lines = e.lines;
  state.total = e.total;
  state.status = Status::held;
  state.expires_at = e.expires_at;
  state.created_at = e.at;
}
void apply(R::State& state, const R::PaymentStarted& e) {
  state.status = Status::paying;
  state.payments.push_back(e.payment);
}
void apply(R::State& state, const R::HoldExtended& e) { state.expires_at = e.expires_at; }
void apply(R::State& state, const R::PaymentDeclined&) { state.status = Status::held; }
void apply(R::State& state, const R::Confirmed& e) {
  state.status = Status::confirmed;
  state.paid_by = e.payment;
  state.tickets = e.tickets;
}
void apply(R::State& state, const R::Expired&) { state.status = Status::expired; }
// Tickets are void from here on.
void apply(R::State& state, const R::Cancelled&) { state.status = Status::cancelled; }
void apply(R::State& state, const R::Failed&) { state.status = Status::failed; }

constexpr std::string_view kStatusNames[] = {"held",    "paying",    "confirmed",
                                             "expired", "cancelled", "failed"};

}  // namespace

std::string_view name_of(Status status) { return kStatusNames[static_cast<size_t>(status)]; }

std::optional<Status> status_from(std::string_view name) {
  for (size_t i = 0; i < std::size(kStatusNames); ++i) {
    if (kStatusNames[i] == name) return static_cast<Status>(i);
  }
  return std::nullopt;
}

int64_t Reservation::State::attempts_left() const {
  return std::max<int64_t>(0, terms.payment_attempts_max - static_cast<int64_t>(payments.size()));
}

Result<std::vector<Reservation::Event>, Reservation::Rejection> Reservation::decide(
    const State& state, const Command& command) {
  if (!state.exists && !std::holds_alternative<Hold>(command)) return refuse(NotFound{});
  return std::visit([&](const auto& one) { return decide_one(state, one); }, command);
}

void Reservation::evolve(State& state, const Event& event) {
  std::visit([&](const auto& one) { apply(state, one); }, event);
}

}  // namespace gantry::reservations
