// From what a plugin declares in C to what the host's consumers and health board run. Each copies
// the names and keeps the function with its self, which live until the plugin is destroyed.
#pragma once
#include "core/consume/consumer.hpp"
#include "core/plugins/context.hpp"
#include "core/plugins/health_board.hpp"
#include "gantry/abi/plan.h"

namespace gantry::plugins {

// What the plugin answers other than GANTRY_OK is thrown as gantry::Error with its reason. Events
// are upcast before the plugin sees them (throws as log::EventTypes::upcast).
consume::Process process_of(const gantry_subscription& subscription, Context& context);
// Lends the session of the transaction to the plugin as a handle, for one event.
consume::Projection projection_of(const gantry_projection& projection, Context& context);
// Empty when there is none. Calls the plugin as long as its generation lives; then it throws
// Unavailable. Does not need the context after that.
log::Upcast upcast_of(const gantry_event_type& type, const Context& context);
HealthCheck health_check_of(const gantry_health_check& check);

}  // namespace gantry::plugins
