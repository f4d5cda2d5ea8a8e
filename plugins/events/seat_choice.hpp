// SeatChoice: collects seats of a numbered section for one hold. Seats of expired holds count as
// free, but untouched ones are preferred.
#pragma once
#include <cstdint>
#include <set>
#include <unordered_set>
#include <utility>
#include <vector>

#include "inventory.hpp"

namespace gantry::events {

class SeatChoice {
 public:
  // Borrows the state.
  SeatChoice(const Inventory::State& state, Instant now) : state_(state), now_(now) {}

  // False when the seat is held, sold or chosen already.
  bool take(uint32_t seat);
  // Chooses `quantity` seats: next to each other in one row when there are such, else (unless
  // `adjacent`) the first free ones. False: nothing was chosen.
  bool take_any(uint32_t quantity, bool adjacent);

  const std::vector<uint32_t>& seats() const { return seats_; }
  // Whose expired holds the choice takes from, earliest first.
  std::vector<Uuid> robbed() const;

 private:
  bool is_expired(const Uuid& owner) const;
  bool is_free(uint32_t seat, bool or_expired) const;
  uint32_t available() const;
  bool take_run(uint32_t quantity, bool or_expired);
  bool take_first(uint32_t quantity, bool or_expired);

  const Inventory::State& state_;
  const Instant now_;
  std::vector<uint32_t> seats_;  // in the order of choice
  std::unordered_set<uint32_t> chosen_;
  std::set<std::pair<Instant, Uuid>> robbed_;
};

}  // namespace gantry::events
