// Handlers of the routes of this plugin. All [worker].
#pragma once
#include "desk.hpp"
#include "gantry/context.hpp"

namespace gantry::payments {

Response pay(Desk& desk, Context& context, const Request& request);
Response refund(Desk& desk, Context& context, const Request& request);

Response show_payment(Desk& desk, Context& context, const Request& request);
Response list_payments(Desk& desk, Context& context, const Request& request);
Response list_user_payments(Desk& desk, Context& context, const Request& request);
Response show_refund(Desk& desk, Context& context, const Request& request);
Response list_refunds(Desk& desk, Context& context, const Request& request);

}  // namespace gantry::payments
