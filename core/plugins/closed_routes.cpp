#include "core/plugins/closed_routes.hpp"

#include <algorithm>

#include "gantry/text.hpp"

namespace gantry::plugins {

std::vector<ClosedRoutes> closed_among(const std::vector<RouteOutlook>& routes) {
  std::vector<ClosedRoutes> all;
  for (const RouteOutlook& route : routes) {
    if (route.unavailable.empty()) continue;
    const auto known = std::find_if(all.begin(), all.end(), [&](const ClosedRoutes& one) {
      return one.plugin == route.owner && one.reason == route.unavailable;
    });
    if (known == all.end())
      all.push_back({route.owner, route.unavailable, 1});
    else
      ++known->count;
  }
  return all;
}

std::string sentence(const ClosedRoutes& closed) {
  return join(closed.count, closed.count == 1 ? " route of " : " routes of ", closed.plugin,
              closed.count == 1 ? " answers 503: " : " answer 503: ", closed.reason);
}

}  // namespace gantry::plugins
