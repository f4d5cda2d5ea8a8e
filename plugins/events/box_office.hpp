// BoxOffice: what the handlers and the service of this plugin work with.
#pragma once
#include <optional>
#include <string>

#include "gantry/aggregate.hpp"
#include "gantry/host.hpp"
#include "gantry/page_token.hpp"
#include "inventory.hpp"
#include "ticketed_event.hpp"

namespace gantry::events {

struct BoxOffice {
  explicit BoxOffice(const Host& h)
      : host(h), events(h.aggregates<TicketedEvent>()), sections(h.aggregates<Inventory>()) {}

  const Host& host;
  Repository<TicketedEvent>& events;
  Repository<Inventory>& sections;
  // Set in start().
  std::string creators = "any";  // any, organizer, admin
  PageTokens page_tokens{""};
};

inline constexpr std::string_view kDatabase = "projections";

// Read models; a raised version is built anew from the log.
inline constexpr std::string_view kEventView = "events.view";
inline constexpr uint32_t kEventViewVersion = 1;
inline constexpr std::string_view kAvailabilityView = "events.availability";
inline constexpr uint32_t kAvailabilityViewVersion = 1;

}  // namespace gantry::events
