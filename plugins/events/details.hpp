// Details: what the organiser says about an event, and which of it breaks a rule.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gantry/http.hpp"
#include "gantry/instant.hpp"
#include "gantry/ticketing/money.hpp"
#include "gantry/ticketing/refund_rules.hpp"
#include "inventory.hpp"

namespace gantry::events {

using ticketing::Currency;
using ticketing::Money;

inline constexpr uint32_t kPlacesMax = 100'000;  // of one event
inline constexpr uint32_t kRowsMax = 2'000;      // of one event

struct Venue {
  std::string name;
  std::string address;
  friend bool operator==(const Venue&, const Venue&) = default;
};

struct Section {
  std::string name;
  SectionKind kind = SectionKind::general_admission;
  uint32_t capacity = 0;  // numbered: the sum of its rows
  std::vector<SeatRow> rows;
  friend bool operator==(const Section&, const Section&) = default;
};

struct PriceTier {
  std::string name;
  std::string section;
  Money price;
  std::optional<Instant> available_from;   // from this instant on
  std::optional<Instant> available_until;  // not at this instant any more
  friend bool operator==(const PriceTier&, const PriceTier&) = default;
};

struct Policies {
  int64_t hold_seconds = 300;
  int64_t max_tickets_per_reservation = 8;
  ticketing::RefundRules refund_rules = ticketing::default_refund_rules();
  int64_t payment_attempts_max = 3;
  bool time_based_pricing = false;
  friend bool operator==(const Policies&, const Policies&) = default;
};

struct Details {
  std::string title;
  std::string description;
  Instant starts_at;
  Instant ends_at;
  std::string timezone;  // IANA
  Venue venue;
  Currency currency;
  std::vector<Section> sections;
  std::vector<PriceTier> price_tiers;
  Policies policies;

  friend bool operator==(const Details&, const Details&) = default;

  const Section* section(std::string_view name) const;
};

// Every rule that a schema cannot state, all at once; pointers as in the body of POST /api/events.
std::vector<RequestFault> faults_in(const Details& details, Instant now);

// details_codec.cpp. The members stand directly in the object that is open.
void write_details(JsonWriter& json, const Details& details);
// Absent policies get their defaults. throws Error{kInvalid} for another shape.
Details details_from(Json json);

}  // namespace gantry::events
