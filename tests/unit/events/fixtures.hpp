// Names that the sentences of these tests use.
#pragma once
#include <chrono>

#include "details.hpp"
#include "inventory.hpp"

namespace gantry::events {

inline Uuid id_of(uint8_t n) {
  std::array<uint8_t, 16> bytes{};
  bytes[0] = 1;
  bytes[15] = n;
  return Uuid(bytes);
}
inline const Uuid kAlice = id_of(1), kBob = id_of(2), kCarol = id_of(3);

inline constexpr Instant kNoon{1'800'000'000'000'000};
inline constexpr Instant at(std::chrono::seconds after) { return kNoon + after; }

using namespace std::chrono_literals;

inline Details concert() {
  Details details;
  details.title = "Concert";
  details.starts_at = at(240h);
  details.ends_at = at(243h);
  details.timezone = "Europe/Berlin";
  details.venue = {"Hall", "Street 1"};
  details.currency = Currency("EUR");
  details.sections = {{"Floor", SectionKind::general_admission, 100, {}},
                      {"Balcony", SectionKind::numbered, 5, {{"A", 3}, {"B", 2}}}};
  details.price_tiers = {{"early", "Floor", {1000, Currency("EUR")}, {}, at(24h)},
                         {"regular", "Floor", {1500, Currency("EUR")}, {}, {}},
                         {"seat", "Balcony", {2500, Currency("EUR")}, {}, {}}};
  return details;
}

}  // namespace gantry::events
