#include "seat_choice.hpp"

namespace gantry::events {

bool SeatChoice::is_expired(const Uuid& owner) const {
  const Inventory::Claim& claim = *state_.claim(owner);
  return claim.place == Inventory::Place::held && claim.until <= now_;
}

bool SeatChoice::is_free(uint32_t seat, bool or_expired) const {
  const Uuid& owner = state_.owners[seat];
  return (owner.is_nil() || (or_expired && is_expired(owner))) && !chosen_.contains(seat);
}

bool SeatChoice::take(uint32_t seat) {
  if (!is_free(seat, true)) return false;
  if (const Uuid& owner = state_.owners[seat]; !owner.is_nil())
    robbed_.emplace(state_.claim(owner)->until, owner);
  chosen_.insert(seat);
  seats_.push_back(seat);
  return true;
}

uint32_t SeatChoice::available() const {
  uint32_t expired = 0;
  for (const auto& [until, by] : state_.expiries) {
    if (until > now_) break;
    expired += state_.claim(by)->quantity;
  }
  return state_.free() + expired - static_cast<uint32_t>(seats_.size());
}

bool SeatChoice::take_any(uint32_t quantity, bool adjacent) {
  if (available() < quantity) return false;  // most refusals end here, without looking at a seat
  const bool any_expired = !state_.expiries.empty() && state_.expiries.begin()->first <= now_;
  if (take_run(quantity, false) || (any_expired && take_run(quantity, true))) return true;
  if (adjacent) return false;
  return take_first(quantity, false) || (any_expired && take_first(quantity, true));
}

bool SeatChoice::take_run(uint32_t quantity, bool or_expired) {
  for (uint32_t r = 0; r < state_.seating.row_count(); ++r) {
    const Seating::Row& row = state_.seating.row(r);
    if (row.seats < quantity || (!or_expired && state_.free_seats[r] < quantity)) continue;
    uint32_t run = 0;
    for (uint32_t seat = row.first; seat < row.first + row.seats; ++seat) {
      run = is_free(seat, or_expired) ? run + 1 : 0;
      if (run < quantity) continue;
      for (uint32_t taken = seat + 1 - quantity; taken <= seat; ++taken) take(taken);
      return true;
    }
  }
  return false;
}

bool SeatChoice::take_first(uint32_t quantity, bool or_expired) {
  std::vector<uint32_t> found;
  for (uint32_t r = 0; r < state_.seating.row_count() && found.size() < quantity; ++r) {
    if (!or_expired && state_.free_seats[r] == 0) continue;
    const Seating::Row& row = state_.seating.row(r);
    for (uint32_t seat = row.first; seat < row.first + row.seats && found.size() < quantity; ++seat)
      if (is_free(seat, or_expired)) found.push_back(seat);
  }
  if (found.size() < quantity) return false;
  for (const uint32_t seat : found) take(seat);
  return true;
}

std::vector<Uuid> SeatChoice::robbed() const {
  std::vector<Uuid> owners;
  for (const auto& entry : robbed_) owners.push_back(entry.second);
  return owners;
}

}  // namespace gantry::events
