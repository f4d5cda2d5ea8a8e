// How much of a payment goes back when its customer wants a refund. Pure.
#pragma once
#include "gantry/ticketing/money.hpp"
#include "gantry/ticketing/refund_rules.hpp"

namespace gantry::payments {

// What the rules allow in total at `now`, rounded half up, less what has gone back or is going; not
// below zero. Always of the whole capture, so that many small refunds never add up to more than one
// large one.
ticketing::Money policy_allows(const ticketing::RefundRules& rules, Instant starts_at, Instant now,
                               const ticketing::Money& captured, const ticketing::Money& committed);

}  // namespace gantry::payments
