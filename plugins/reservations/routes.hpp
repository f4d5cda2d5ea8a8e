// Handlers of /api/reservations. All [worker].
#pragma once
#include "desk.hpp"
#include "gantry/context.hpp"

namespace gantry::reservations {

Response reserve(Desk& desk, Context& context, const Request& request);
Response cancel_reservation(Desk& desk, Context& context, const Request& request);

Response show_reservation(Desk& desk, Context& context, const Request& request);
Response list_reservations(Desk& desk, Context& context, const Request& request);
Response show_history(Desk& desk, Context& context, const Request& request);

}  // namespace gantry::reservations
