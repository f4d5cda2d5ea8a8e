// Routes that are declared but answer 503, because a service or a middleware that they need is not
// there.
#pragma once
#include <string>
#include <vector>

#include "core/plugins/publisher.hpp"

namespace gantry::plugins {

// Those of one plugin that are closed for one reason.
struct ClosedRoutes {
  std::string plugin;
  std::string reason;  // "nobody provides the service gantry.payment_provider/1"
  size_t count = 0;
  friend bool operator==(const ClosedRoutes&, const ClosedRoutes&) = default;
};

// In the order of the routes.
std::vector<ClosedRoutes> closed_among(const std::vector<RouteOutlook>& routes);

// "3 routes of payments answer 503: nobody provides the service gantry.payment_provider/1"
std::string sentence(const ClosedRoutes& closed);

}  // namespace gantry::plugins
