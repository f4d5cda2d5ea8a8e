// Publisher: the port through which the registry makes plugins reachable for requests.
// pipeline_publisher.hpp has the real one.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "core/pipeline/chain.hpp"
#include "core/pipeline/contribution.hpp"

namespace gantry::plugins {

// Everything that is to answer requests.
struct Composition {
  std::vector<pipeline::Contribution> contributions;
  // Some enabled plugin is not among them, so chains may name middleware that nobody has declared;
  // their routes then answer 503 instead of making the whole composition faulty.
  bool incomplete = false;
};

// "chains.private[2]: …", or the message alone.
std::string sentence(const pipeline::SnapshotFault& fault);

// How one route would answer; `unavailable` is why with 503, or empty.
struct RouteOutlook {
  std::string route;  // "GET /api/events"
  std::string owner;
  std::string unavailable;
};

class Publisher {
 public:
  virtual ~Publisher() = default;
  // What is wrong with it as a whole; empty: it can be published. No side effects. A fault without
  // a path is a plugin's, one with a path the configuration's.
  virtual std::vector<pipeline::SnapshotFault> faults(const Composition& composition) = 0;
  // Its routes, in order; none when it has faults. No side effects.
  virtual std::vector<RouteOutlook> outlook(const Composition& composition) = 0;
  // Makes it answer the requests that begin from now on. Each function is called at most once, from
  // any thread, and is quick: on_switched when all event loops use it, on_drained when after that
  // no request uses an older one.
  //   throws  gantry::Error Invalid  it has faults; nothing has changed
  virtual void publish(const Composition& composition, std::function<void()> on_switched,
                       std::function<void()> on_drained) = 0;
};

}  // namespace gantry::plugins
