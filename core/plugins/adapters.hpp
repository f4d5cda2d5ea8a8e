// From what a plugin declares in C to what the host's consumers and health board run. Each copies
// the names and keeps the function with its self, which live until the plugin is destroyed.
#pragma once
#include "core/consume/consumer.hpp"
#include "core/plugins/context.hpp"
#include "core/plugins/health_board.hpp"
#include "gantry/abi/plan.h"

namespace gantry::plugins {

// What the plugin answers other than GANTRY_OK is thrown as gantry::Error with its reason.
consume::Process process_of(const gantry_subscription& subscription);
// Lends the session of the transaction to the plugin as a handle, for one event.
consume::Projection projection_of(const gantry_projection& projection, Context& context);
HealthCheck health_check_of(const gantry_health_check& check);

}  // namespace gantry::plugins
