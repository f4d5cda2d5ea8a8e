// The process payments.settle: brings each payment and each refund to its end, with the provider
// and the reservation, whatever fails on the way.
#pragma once
#include "desk.hpp"
#include "provider.hpp"

namespace gantry::payments {

// Acts on the events of a payment's stream that leave something to do. What is done depends on the
// payment's state, not on the event, so that an event that comes again does no harm. [bus]
//   throws  Error  nothing is lost: the event comes again
void settle(Desk& desk, Provider& provider, const StoredEvent& stored);

}  // namespace gantry::payments
