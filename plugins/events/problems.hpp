// The one table of this plugin from what its aggregates refuse to what clients read.
#pragma once
#include <string>
#include <string_view>

#include "gantry/http.hpp"
#include "inventory.hpp"
#include "ticketed_event.hpp"

namespace gantry::events {

struct Refusal {
  int status = 409;
  std::string_view code;
  std::string_view detail;
  std::string params;  // one JSON object, or empty

  Problem problem() const { return {status, code, detail, params}; }
  // {"status", "code", "detail", "params"}: as services answer it.
  std::string json() const;
};

Problem problem_of(const TicketedEvent::Rejection& reason);
Refusal refusal_of(const Inventory::Rejection& reason, std::string_view section);
Refusal refusal_of(SaleRefusal reason, const TicketedEvent::State& event, uint32_t places);
Refusal no_such_section(std::string_view section);
Refusal no_price(std::string_view section);

}  // namespace gantry::events
