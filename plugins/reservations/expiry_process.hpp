// The process reservations.expiry: ends a hold when its timer has fired.
#pragma once
#include "desk.hpp"

namespace gantry::reservations {

// Acts on gantry.timer_fired.v1 of a reservation's stream; all else is none of its business. What
// it decides is the same however often the event comes. [bus]
//   throws  Conflict  the seats kept moving; the event comes again
void expire_when_due(Desk& desk, const StoredEvent& stored);

}  // namespace gantry::reservations
