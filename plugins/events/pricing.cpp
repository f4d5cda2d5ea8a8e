#include "pricing.hpp"

#include <chrono>

namespace gantry::events {
namespace {

constexpr std::chrono::hours kEarly{24 * 30};
constexpr std::chrono::hours kLate{24 * 7};
constexpr int64_t kEarlyPercent = 80;
constexpr int64_t kLatePercent = 110;

bool is_open(const PriceTier& tier, Instant now) {
  return (!tier.available_from || *tier.available_from <= now) &&
         (!tier.available_until || now < *tier.available_until);
}

}  // namespace

Money priced_by_time(const Money& base, Instant starts_at, Instant now) {
  const auto left = starts_at - now;
  if (left >= kEarly) return ticketing::percent_of(base, kEarlyPercent);
  if (left < kLate) return ticketing::percent_of(base, kLatePercent);
  return base;
}

std::optional<Price> price_of(const Details& details, std::string_view section, Instant now) {
  for (const PriceTier& tier : details.price_tiers) {
    if (tier.section != section || !is_open(tier, now)) continue;
    const bool by_time =
        details.policies.time_based_pricing && !tier.available_from && !tier.available_until;
    return Price{tier.name,
                 by_time ? priced_by_time(tier.price, details.starts_at, now) : tier.price};
  }
  return std::nullopt;
}

}  // namespace gantry::events
