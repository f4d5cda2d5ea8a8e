#include "inventory.hpp"

#include <algorithm>

#include "seat_choice.hpp"

namespace gantry::events {
namespace {

using I = Inventory;
using Decision = Result<std::vector<I::Event>, I::Rejection>;

Decision refuse(I::Rejection reason) { return Refused<I::Rejection>{std::move(reason)}; }

I::Released release_of(const I::State& state, const Uuid& by, I::Cause cause, Instant now) {
  const I::Claim& claim = *state.claim(by);
  return {by, claim.place, cause, state.labels(claim), claim.quantity, now};
}

// Why `requested` places cannot be had now.
I::Rejection shortage(const I::State& state, uint32_t requested, Instant now) {
  uint32_t expired = 0;
  std::optional<Instant> retry_at;
  for (const auto& [until, by] : state.expiries) {
    if (until > now) {
      retry_at = until;
      break;
    }
    expired += state.claim(by)->quantity;
  }
  const uint32_t available = state.free() + expired, held = state.held - expired;
  if (available == 0 && held == 0) return I::SoldOut{};
  return I::Insufficient{requested, available, held, retry_at};
}

// Places taken for somebody: the events that free expired holds in the way, then the hold.
Decision take_places(const I::State& state, const I::Hold& hold, uint32_t quantity) {
  std::vector<I::Event> events;
  uint32_t free = state.free();
  for (const auto& [until, by] : state.expiries) {
    if (free >= quantity || until > hold.now) break;
    events.emplace_back(release_of(state, by, I::Cause::expired, hold.now));
    free += state.claim(by)->quantity;
  }
  if (free < quantity) return refuse(shortage(state, quantity, hold.now));
  events.emplace_back(I::Held{hold.by, {}, quantity, hold.now, hold.until});
  return events;
}

Decision take_seats(const I::State& state, const I::Hold& hold, uint32_t quantity) {
  SeatChoice choice(state, hold.now);
  std::vector<std::string> unknown, taken;
  for (const std::string& label : hold.seats) {
    const auto seat = state.seating.find(label);
    if (!seat)
      unknown.push_back(label);
    else if (!choice.take(*seat))
      taken.push_back(label);
  }
  if (!unknown.empty()) return refuse(I::UnknownSeat{std::move(unknown)});
  if (!taken.empty()) return refuse(I::SeatTaken{std::move(taken)});
  for (const I::Pick& pick : hold.picks) {
    if (!choice.take_any(pick.quantity, pick.adjacent))
      return refuse(shortage(state, quantity, hold.now));
  }

  std::vector<I::Event> events;
  for (const Uuid& by : choice.robbed())
    events.emplace_back(release_of(state, by, I::Cause::expired, hold.now));
  I::Held held{hold.by, {}, quantity, hold.now, hold.until};
  for (const uint32_t seat : choice.seats()) held.seats.push_back(state.seating.label(seat));
  events.emplace_back(std::move(held));
  return events;
}

Decision take(const I::State& state, const I::Hold& hold) {
  uint32_t quantity = static_cast<uint32_t>(hold.seats.size());
  for (const I::Pick& pick : hold.picks) quantity += pick.quantity;
  if (state.kind == SectionKind::numbered) return take_seats(state, hold, quantity);
  if (!hold.seats.empty()) return refuse(I::UnknownSeat{hold.seats});
  return take_places(state, hold, quantity);
}

Decision decide_one(const I::State& state, const I::Open& open) {
  if (state.open) return refuse(I::AlreadyOpen{});
  return std::vector<I::Event>{I::Opened{open.kind, open.capacity, open.rows}};
}

Decision decide_one(const I::State& state, const I::Hold& hold) {
  if (state.claim(hold.by)) return std::vector<I::Event>{};
  return take(state, hold);
}

Decision decide_one(const I::State& state, const I::Extend& extend) {
  const I::Claim* claim = state.claim(extend.by);
  if (!claim || claim->place != I::Place::held) return refuse(I::HoldGone{});
  if (extend.until <= claim->until) return std::vector<I::Event>{};
  return std::vector<I::Event>{I::Extended{extend.by, extend.until}};
}

Decision decide_one(const I::State& state, const I::Confirm& confirm) {
  if (const I::Claim* claim = state.claim(confirm.by)) {
    if (claim->place == I::Place::sold) return std::vector<I::Event>{};
    return std::vector<I::Event>{
        I::Confirmed{confirm.by, state.labels(*claim), claim->quantity, confirm.now}};
  }
  I::Hold again{confirm.by, confirm.seats, {}, confirm.now, confirm.now};
  if (confirm.seats.empty()) again.picks.push_back({confirm.quantity, false});
  auto taken = take(state, again);
  if (!taken) return refuse(I::HoldGone{});
  const auto held = std::get<I::Held>(taken->back());
  taken->emplace_back(I::Confirmed{confirm.by, held.seats, held.quantity, confirm.now});
  return taken;
}

Decision decide_one(const I::State& state, const I::Release& release) {
  const I::Claim* claim = state.claim(release.by);
  const bool too_late =
      claim && claim->place == I::Place::sold && release.cause == I::Cause::expired;
  if (!claim || too_late) return std::vector<I::Event>{};
  return std::vector<I::Event>{release_of(state, release.by, release.cause, release.now)};
}

void apply(I::State& state, const I::Opened& e) {
  state.open = true;
  state.kind = e.kind;
  state.capacity = e.capacity;
  state.rows = e.rows;
  state.seating = Seating(e.rows);
  state.owners.assign(state.seating.count(), Uuid());
  for (const SeatRow& row : e.rows) state.free_seats.push_back(row.seats);
}

void apply(I::State& state, const I::Held& e) {
  I::Claim claim{I::Place::held, e.quantity, {}, e.until};
  for (const std::string& label : e.seats) {
    const uint32_t seat = state.seating.find(label).value();
    state.owners[seat] = e.by;
    --state.free_seats[state.seating.row_of(seat)];
    claim.seats.push_back(seat);
  }
  state.held += e.quantity;
  state.expiries.emplace(e.until, e.by);
  state.claims.emplace(e.by, std::move(claim));
}

void apply(I::State& state, const I::Extended& e) {
  I::Claim& claim = state.claims.at(e.by);
  state.expiries.erase({claim.until, e.by});
  claim.until = e.until;
  state.expiries.emplace(e.until, e.by);
}

void apply(I::State& state, const I::Confirmed& e) {
  I::Claim& claim = state.claims.at(e.by);
  state.expiries.erase({claim.until, e.by});
  claim.place = I::Place::sold;
  state.held -= claim.quantity;
  state.sold += claim.quantity;
}

void apply(I::State& state, const I::Released& e) {
  const auto at = state.claims.find(e.by);
  I::Claim& claim = at->second;
  for (const uint32_t seat : claim.seats) {
    state.owners[seat] = Uuid();
    ++state.free_seats[state.seating.row_of(seat)];
  }
  if (claim.place == I::Place::held) {
    state.held -= claim.quantity;
    state.expiries.erase({claim.until, e.by});
  } else {
    state.sold -= claim.quantity;
  }
  state.claims.erase(at);
}

}  // namespace

std::vector<std::string> Inventory::State::labels(const Claim& claim) const {
  std::vector<std::string> out;
  out.reserve(claim.seats.size());
  for (const uint32_t seat : claim.seats) out.push_back(seating.label(seat));
  return out;
}

Result<std::vector<Inventory::Event>, Inventory::Rejection> Inventory::decide(
    const State& state, const Command& command) {
  if (!state.open && !std::holds_alternative<Open>(command)) {
    // Nothing is held in a section that does not exist, so there is nothing to release.
    if (std::holds_alternative<Release>(command)) return std::vector<Event>{};
    return refuse(NotOpen{});
  }
  return std::visit([&](const auto& one) { return decide_one(state, one); }, command);
}

void Inventory::evolve(State& state, const Event& event) {
  std::visit([&](const auto& one) { apply(state, one); }, event);
}

}  // namespace gantry::events
