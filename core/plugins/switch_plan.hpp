// SwitchPlan: what switching a plugin on or off changes for everybody.
#pragma once
#include <string>
#include <vector>

#include "core/plugins/publisher.hpp"

namespace gantry::plugins {

struct NeededService {
  std::string service;
  std::string plugin;  // the one that needs it
};

struct SwitchPlan {
  std::vector<std::string> routes;         // its own: they come or go
  std::vector<std::string> subscriptions;  // its own: they go on where they stopped, or pause
  std::vector<NeededService> services;     // its own that others need
  std::vector<RouteOutlook> unavailable;   // of others, that answer 503 from then on
  std::vector<std::string> available;      // of others, that answer again
};

}  // namespace gantry::plugins
