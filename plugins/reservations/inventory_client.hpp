// InventoryClient: the service gantry.ticketing.inventory/1 as this plugin uses it, in one unit.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gantry/host.hpp"
#include "gantry/result.hpp"
#include "gantry/ticketing/inventory.h"
#include "gantry/unit.hpp"
#include "reservation.hpp"

namespace gantry::reservations {

// What a customer asks for: named seats, or a number of places.
struct Wish {
  std::string section;
  std::vector<std::string> seats;
  uint32_t quantity = 0;
  bool adjacent = false;
};

// A business refusal: {"status", "code", "detail", "params"}.
struct RefusalJson {
  std::string text;
};

// For one unit; each call borrows the service anew, so that its owner can be swapped in between.
//   throws  Error{kUnavailable}  nobody offers an inventory now
class InventoryClient {
 public:
  InventoryClient(const Host& host, Unit& unit) : host_(host), unit_(unit) {}

  // The answer of hold() in gantry/ticketing/inventory.h.
  Result<std::string, RefusalJson> hold(const Uuid& event, const Uuid& reservation,
                                        const std::vector<Wish>& wishes, Instant now) const;
  std::optional<RefusalJson> extend(const Uuid& reservation, const Reservation::State& state,
                                    Instant until) const;
  std::optional<RefusalJson> confirm(const Uuid& reservation, const Reservation::State& state,
                                     Instant now) const;
  // cause: GANTRY_RELEASE_*
  void release(const Uuid& reservation, const Reservation::State& state, uint32_t cause,
               Instant now) const;

 private:
  const Host& host_;
  Unit& unit_;
};

// The sections of a reservation, each once, with what it has there.
std::vector<Wish> wishes_of(const std::vector<Line>& lines);

}  // namespace gantry::reservations
