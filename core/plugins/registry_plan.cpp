// What switching a plugin would change, without doing it.
#include <algorithm>
#include <map>

#include "core/plugins/plan_rules.hpp"
#include "core/plugins/registry.hpp"
#include "core/runtime/thread_tag.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::plugins {
namespace {

// Of other plugins: what answers now and not then, and the other way round.
void compare(const std::vector<RouteOutlook>& now, const std::vector<RouteOutlook>& then,
             const std::string& id, SwitchPlan& plan) {
  std::map<std::string, const RouteOutlook*> before;
  for (const RouteOutlook& route : now) before[route.route] = &route;
  for (const RouteOutlook& route : then) {
    const auto was = before.find(route.route);
    if (route.owner == id || was == before.end()) continue;
    const bool answered = was->second->unavailable.empty();
    if (answered && !route.unavailable.empty()) plan.unavailable.push_back(route);
    if (!answered && route.unavailable.empty()) plan.available.push_back(route.route);
  }
}

}  // namespace

SwitchPlan Registry::plan_disable(const std::string& id) {
  const std::lock_guard life(life_);
  const runtime::ThreadTag tag(runtime::ThreadKind::kSetup);
  Installed& plugin = active(id);
  const Composition then = composition(nullptr, &plugin);
  demand_sound(then);
  SwitchPlan plan = own_of(plugin);
  compare(publisher_.outlook(composition(nullptr, nullptr)), publisher_.outlook(then), id, plan);
  return plan;
}

SwitchPlan Registry::plan_enable(const std::string& id) {
  const std::lock_guard life(life_);
  const runtime::ThreadTag tag(runtime::ThreadKind::kSetup);
  Installed& plugin = inactive(id);
  const PluginInfo before = plugin.info;
  const auto as_before = [&] {
    const std::lock_guard lock(infos_);
    plugin.info = before;
  };
  try {
    verify_again(plugin);
    prepare(plugin);
    check_together(plugin);
    const Composition then = composition(&plugin, nullptr);
    SwitchPlan plan = own_of(plugin);
    compare(publisher_.outlook(composition(nullptr, nullptr)), publisher_.outlook(then), id, plan);
    drop_generation(plugin);
    as_before();
    return plan;
  } catch (const Error&) {
    drop_generation(plugin);
    as_before();
    throw;
  }
}

SwitchPlan Registry::own_of(const Installed& plugin) const {
  const Prepared& prepared = plugin.generation->prepared();
  SwitchPlan plan;
  for (const auto& route : prepared.contribution.routes)
    plan.routes.push_back(join(route.method, " ", route.pattern));
  for (const auto& projection : prepared.projections) plan.subscriptions.push_back(projection.name);
  for (const auto& process : prepared.processes) plan.subscriptions.push_back(process.name);
  for (const std::string& service : prepared.contribution.provides) {
    for (const Installed* other : active_) {
      const auto& needs = other->generation->prepared().contribution.needs;
      if (other != &plugin && contains(needs, service))
        plan.services.push_back({service, other->info.id});
    }
  }
  return plan;
}

void Registry::note_closed_routes() {
  auto now = closed_among(publisher_.outlook(composition(nullptr, nullptr)));
  for (const ClosedRoutes& closed : now) {
    if (std::find(closed_.begin(), closed_.end(), closed) == closed_.end())
      ports_.logger.warn("routes.closed", sentence(closed), {{"plugin", closed.plugin}});
  }
  for (const ClosedRoutes& before : closed_) {
    const bool still = std::any_of(now.begin(), now.end(), [&](const ClosedRoutes& closed) {
      return closed.plugin == before.plugin;
    });
    if (!still)
      ports_.logger.info("routes.opened", join("the routes of ", before.plugin, " answer again"),
                         {{"plugin", before.plugin}});
  }
  const std::lock_guard lock(infos_);
  closed_ = std::move(now);
}

std::vector<ClosedRoutes> Registry::closed_routes() const {
  const std::lock_guard lock(infos_);
  return closed_;
}

void Registry::demand_sound(const Composition& composition) {
  const auto faults = publisher_.faults(composition);
  if (!faults.empty()) throw Error(Code::kInvalid, sentence(faults.front()));
}

}  // namespace gantry::plugins
