#include "core/pipeline/snapshot.hpp"

#include <utility>

#include "core/pipeline/near.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::pipeline {

// Builds one snapshot, going on after faults so that all are told.
struct SnapshotBuild {
  const ChainConfig& config;
  std::shared_ptr<Snapshot> made = std::make_shared<Snapshot>();
  std::vector<SnapshotFault> faults = {};

  void run(const std::vector<Contribution>& contributions, const KnownMiddleware& known) {
    made->chains_ = build_chains(contributions, config, known, faults);
    for (const auto& [name, chain] : made->chains_) {
      for (const ChainEntry& entry : chain.entries) {
        if (entry.missing) made->missing_.push_back({name, entry.name, entry.phase});
      }
    }
    for (const Contribution& contribution : contributions) {
      made->provides_.insert(contribution.provides.begin(), contribution.provides.end());
    }
    for (const Contribution& contribution : contributions) {
      for (const RouteSpec& spec : contribution.routes) add(contribution, spec);
    }
    add_unmatched();
  }

  void add(const Contribution& contribution, const RouteSpec& spec) {
    auto route = std::make_unique<Route>();
    route->spec = spec;
    route->owner = contribution.owner;
    check(*route);
    for (const std::string& service : contribution.needs) {
      if (!made->provides(service))
        route->unavailable = join("nobody provides the service ", service);
    }
    if (route->chain && !route->chain->missing.empty())
      route->unavailable =
          join("its chain ", route->chain->name, " lacks the middleware ", route->chain->missing);
    const auto target = static_cast<uint32_t>(made->routes_.size());
    if (const auto refusal = made->router_.add(spec.method, spec.pattern, target))
      fault(*route, refusal->conflict
                        ? join("is declared by ", made->route(*refusal->conflict).owner->id(), " (",
                               made->route(*refusal->conflict).spec.pattern, ") as well")
                        : join("is refused: ", refusal->reason));
    made->routes_.push_back(std::move(route));
  }

  void check(Route& route) {
    const RouteSpec& spec = route.spec;
    if (!spec.handle) fault(route, "has no handler");
    if (spec.thread > GANTRY_ON_WORKER) fault(route, "names a thread that there is not");
    if (spec.idempotency > GANTRY_IDEMPOTENCY_REQUIRED)
      fault(route, "names an idempotency that there is not");
    if (!spec.body_schema.empty()) {
      try {
        route.body.emplace(spec.body_schema);
      } catch (const Error& error) {
        fault(route, join("has a body schema that cannot be used: ", error.detail()));
      }
    }
    const auto chain = made->chains_.find(spec.chain);
    if (spec.chain.empty()) {  // the host's own, which must answer whatever the chains lack
      route.chain = &made->empty_chain_;
    } else if (chain == made->chains_.end()) {
      std::vector<std::string> names;
      for (const auto& [name, entries] : config) names.push_back(name);
      const std::string meant = near(spec.chain, names);
      fault(route,
            join("uses the chain \"", spec.chain, "\", which is not configured",
                 meant.empty() ? "" : join("; did you mean \"", meant, "\"?")),
            "chains");
    } else {
      route.chain = &chain->second;
    }
    check_access(route);
    if (route.chain && spec.idempotency != GANTRY_IDEMPOTENCY_NONE && !route.chain->idempotency)
      lacks(route, "honours Idempotency-Key", "entry idempotency");
  }

  // A protected route without the middleware that protects it must never start.
  void check_access(const Route& route) {
    const RouteSpec& spec = route.spec;
    if (spec.access < GANTRY_ACCESS_PUBLIC || spec.access > GANTRY_ACCESS_ROLE)
      return fault(route, "does not say who may call it");
    if (spec.access == GANTRY_ACCESS_ROLE && spec.roles.empty())
      fault(route, "demands a role but names none");
    if (!route.chain || spec.access == GANTRY_ACCESS_PUBLIC) return;
    if (!route.chain->has(Phase::kAuthn))
      lacks(route, "needs a session", "middleware of phase authn");
    if (spec.access == GANTRY_ACCESS_ROLE && !route.chain->has(Phase::kAuthz))
      lacks(route, "needs a role", "middleware of phase authz");
  }

  // What a misspelt name would have been is not told once more for each route. Nor what a missing
  // one is, whose phase nobody may know: its routes answer 503 anyway.
  void lacks(const Route& route, std::string_view demand, std::string_view entry) {
    if (route.chain->misspelt || !route.chain->missing.empty()) return;
    const std::string& chain = route.chain->name;
    fault(route, join(demand, ", but its chain ", chain, " has no ", entry),
          join("chains.", chain));
  }

  void add_unmatched() {
    auto route = std::make_unique<Route>();
    route->spec.pattern = "_unmatched";
    route->spec.access = GANTRY_ACCESS_PUBLIC;
    auto chain = made->chains_.find("default");
    if (chain == made->chains_.end()) chain = made->chains_.find("public");
    route->chain = chain == made->chains_.end() ? &made->empty_chain_ : &chain->second;
    made->unmatched_ = std::move(route);
  }

  void fault(const Route& route, std::string_view what, std::string path = {}) {
    faults.push_back({std::move(path), join("route ", route.spec.method, " ", route.spec.pattern,
                                            " of ", route.owner->id(), " ", what)});
  }
};

std::vector<ChainView> Snapshot::describe() const {
  std::vector<ChainView> views;
  for (const auto& [name, chain] : chains_) {
    ChainView& view = views.emplace_back();
    view.name = name;
    for (const ChainEntry& entry : chain.entries) {
      const std::string owner = entry.missing ? "" : entry.owner ? entry.owner->id() : "gantry";
      view.entries.push_back({entry.name, std::string(name_of(entry.phase)), owner, entry.missing});
    }
  }
  return views;
}

BuiltSnapshot build_snapshot(const std::vector<Contribution>& contributions,
                             const ChainConfig& config, const KnownMiddleware& known) {
  SnapshotBuild build{config};
  build.run(contributions, known);
  BuiltSnapshot built;
  built.faults = std::move(build.faults);
  if (built.faults.empty()) built.snapshot = std::move(build.made);
  return built;
}

}  // namespace gantry::pipeline
