// Answers: what waiting requests are told, and when.
#pragma once
#include <optional>

#include "desk.hpp"
#include "gantry/context.hpp"

namespace gantry::payments {

// Hands the request over: it is answered when `subject`, a payment or a refund of `payment`, is
// settled, which may have happened already. Call when everything is committed. [worker]
Response wait_for(Desk& desk, Context& context, const Request& request, const Uuid& payment,
                  const Uuid& subject, Waiters::Place place);

// Answers those who wait for the payment, and for its refunds, as far as these are settled.
// [worker] [bus]
void answer_settled(Desk& desk, const Uuid& payment);

// The same for all who wait longer than settling takes here: the process may run on another
// instance, and then nobody here hears what it has done. [worker]
void answer_settled_elsewhere(Desk& desk);

// Answers those who wait for that refund, as it stands. [bus]
void answer_refund(Desk& desk, const Uuid& payment, const Uuid& refund);

// Answers those who wait for the payment with a failure that does not settle it. [bus]
void answer_unsettled(Desk& desk, const Uuid& payment, const Response& response);

}  // namespace gantry::payments
