// Desk: what the handlers, the service and the process of this plugin work with.
#pragma once
#include "gantry/aggregate.hpp"
#include "gantry/page_token.hpp"
#include "reservation.hpp"

namespace gantry::reservations {

struct Desk {
  explicit Desk(const Host& h) : host(h), reservations(h.aggregates<Reservation>()) {}

  const Host& host;
  Repository<Reservation>& reservations;
  PageTokens page_tokens{""};  // set in start()
};

inline constexpr std::string_view kDatabase = "projections";

// Read model; a raised version is built anew from the log.
inline constexpr std::string_view kView = "reservations.view";
inline constexpr uint32_t kViewVersion = 1;

// Name of the timer that ends a hold, on the reservation's own stream.
inline constexpr std::string_view kExpiryTimer = "expiry";
inline constexpr std::string_view kExpiryProcess = "reservations.expiry";

inline std::string stream_of(const Uuid& reservation) {
  return Repository<Reservation>::stream_of(reservation.text());
}

}  // namespace gantry::reservations
