// What a seat costs at one instant, and whether it may be sold at all. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "details.hpp"

namespace gantry::events {

struct Price {
  std::string tier;
  Money unit;
  friend bool operator==(const Price&, const Price&) = default;
};

// The first tier in list order that names the section and whose window contains `now`; nullopt when
// there is none. Time-based pricing, when the event has it, changes tiers without a window of their
// own: −20 % at 30 days before the start or earlier, +10 % at less than 7 days; half-up rounding.
std::optional<Price> price_of(const Details& details, std::string_view section, Instant now);

// −20 %, ±0 or +10 % by time left before the start.
Money priced_by_time(const Money& base, Instant starts_at, Instant now);

}  // namespace gantry::events
