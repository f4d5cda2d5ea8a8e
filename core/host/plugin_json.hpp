// Plugins, and what switching them changes, as the admin routes and the control socket tell it.
#pragma once
#include <string>
#include <vector>

#include "core/consume/consumers.hpp"
#include "core/pipeline/snapshot.hpp"
#include "core/plugins/registry.hpp"

namespace gantry::host {

// [{"id": …, "version": …, "state": …, "reason": …, …, "consumers": […], "routes": […]}, …]
std::string to_json(const std::vector<plugins::PluginInfo>& all,
                    const std::vector<consume::ConsumerStatus>& consumers,
                    const pipeline::Snapshot& snapshot);

// What came of an order to switch.
struct Switched {
  bool dry_run = false;
  bool changed = false;  // false: nothing was done, because of dry_run or because it was so already
  const plugins::SwitchPlan* plan = nullptr;  // null: not asked for
};

// The plugin's entry with "dry_run", "changed" and "plan" {"routes", "subscriptions", "services",
// "unavailable", "available"}.
std::string to_json(const plugins::PluginInfo& plugin,
                    const std::vector<consume::ConsumerStatus>& consumers,
                    const pipeline::Snapshot& snapshot, const Switched& switched);

}  // namespace gantry::host
