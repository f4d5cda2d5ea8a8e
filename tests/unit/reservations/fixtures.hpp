// Names that the sentences of these tests use.
#pragma once
#include <chrono>

#include "reservation.hpp"

namespace gantry::reservations {

inline Uuid id_of(uint8_t n) {
  std::array<uint8_t, 16> bytes{};
  bytes[0] = 1;
  bytes[15] = n;
  return Uuid(bytes);
}

inline constexpr Instant kNoon{1'800'000'000'000'000};
inline constexpr Instant at(std::chrono::seconds after) { return kNoon + after; }

using namespace std::chrono_literals;

inline const Uuid kFirst = id_of(11), kSecond = id_of(12), kThird = id_of(13);  // payments
inline const std::vector<Uuid> kTickets{id_of(21), id_of(22)};

inline Reservation::Held held() {
  const ticketing::Currency eur("EUR");
  Terms terms{id_of(1), "Concert", "owner", at(240h), ticketing::default_refund_rules(), 2};
  return {
      "customer",
      terms,
      {{"Floor", std::nullopt, "regular", {1500, eur}}, {"Balcony", "A-1", "seat", {2500, eur}}},
      {4000, eur},
      at(300s),
      at(0s)};
}

}  // namespace gantry::reservations
