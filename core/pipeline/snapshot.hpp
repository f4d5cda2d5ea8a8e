// Snapshot: routes, chains and services at one moment. Immutable; a request keeps to the one it
// began with. Built from what all plugins contribute, whole or not at all.
#pragma once
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/json_schema.hpp"
#include "core/pipeline/chain.hpp"
#include "core/pipeline/contribution.hpp"
#include "core/pipeline/route_meter.hpp"
#include "core/pipeline/router.hpp"

namespace gantry::pipeline {

struct Route {
  RouteSpec spec;
  OwnerPtr owner;
  const Chain* chain = nullptr;
  std::optional<base::JsonSchema> body;
  std::string unavailable;  // why it answers 503 PLUGIN_UNAVAILABLE, or empty
  mutable RouteMeter meter;
};

// A middleware that chains name and nobody provides now.
struct Missing {
  std::string chain;
  std::string name;
  Phase phase;
};

struct ChainView {
  struct Entry {
    std::string name, phase, owner;  // owner "gantry" for built-in entries, empty when missing
    bool missing = false;
  };
  std::string name;
  std::vector<Entry> entries;
};

class Snapshot {
 public:
  const Router& router() const { return router_; }
  const Route& route(uint32_t target) const { return *routes_[target]; }
  const std::vector<std::unique_ptr<const Route>>& routes() const { return routes_; }

  // For requests without a route: no path, no method, OPTIONS. Its pattern is "_unmatched".
  const Route& unmatched() const { return *unmatched_; }

  bool provides(const std::string& service) const { return provides_.count(service) != 0; }
  const std::vector<Missing>& missing() const { return missing_; }  // readiness is red unless empty
  std::vector<ChainView> describe() const;

 private:
  friend struct SnapshotBuild;
  std::map<std::string, Chain> chains_;
  Chain empty_chain_;
  Router router_;
  std::vector<std::unique_ptr<const Route>> routes_;
  std::unique_ptr<const Route> unmatched_;
  std::set<std::string> provides_;
  std::vector<Missing> missing_;
};
using SnapshotPtr = std::shared_ptr<const Snapshot>;  // owners: every loop that still runs it

struct BuiltSnapshot {
  SnapshotPtr snapshot;               // null when there are faults
  std::vector<SnapshotFault> faults;  // all of them
};

// A chain entry that no plugin ever declared is a fault; one in `known` is merely missing: then
// every route of that chain answers 503 (fail closed), whatever its phase.  [setup]
BuiltSnapshot build_snapshot(const std::vector<Contribution>& contributions,
                             const ChainConfig& config, const KnownMiddleware& known = {});

}  // namespace gantry::pipeline
