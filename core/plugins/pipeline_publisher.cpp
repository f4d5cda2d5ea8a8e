#include "core/plugins/pipeline_publisher.hpp"

#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::plugins {
namespace {
std::string all_of(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : " · ") + text;
  return all;
}
}  // namespace

std::string sentence(const pipeline::SnapshotFault& fault) {
  return fault.path.empty() ? fault.message : join(fault.path, ": ", fault.message);
}

PipelinePublisher::PipelinePublisher(pipeline::Pipeline& pipeline, pipeline::ChainConfig chains,
                                     HealthBoard& health)
    : pipeline_(pipeline),
      chains_(std::move(chains)),
      health_(health),
      known_(pipeline::built_in_middleware()) {}

std::vector<pipeline::SnapshotFault> PipelinePublisher::faults(const Composition& composition) {
  return build(composition).faults;
}

std::vector<RouteOutlook> PipelinePublisher::outlook(const Composition& composition) {
  std::vector<RouteOutlook> routes;
  const auto built = build(composition);
  if (!built.snapshot) return routes;
  for (const auto& route : built.snapshot->routes()) {
    routes.push_back({join(route->spec.method, " ", route->spec.pattern), route->owner->id(),
                      route->unavailable});
  }
  return routes;
}

void PipelinePublisher::publish(const Composition& composition, std::function<void()> on_switched,
                                std::function<void()> on_drained) {
  auto built = build(composition);
  if (!built.snapshot) {
    std::vector<std::string> faults;
    for (const auto& fault : built.faults) faults.push_back(sentence(fault));
    throw Error(Code::kInvalid, all_of(faults));
  }
  std::vector<std::string> missing;
  for (const auto& one : built.snapshot->missing())
    missing.push_back(join("chain ", one.chain, " lacks middleware ", one.name));
  health_.block("chains", all_of(missing));
  pipeline_.publish(std::move(built.snapshot), std::move(on_switched), std::move(on_drained));
}

pipeline::BuiltSnapshot PipelinePublisher::build(const Composition& composition) {
  for (const auto& contribution : composition.contributions) {
    for (const auto& middleware : contribution.middleware)
      known_[middleware.name] = middleware.phase;
  }
  auto built = pipeline::build_snapshot(composition.contributions, chains_, known_);
  if (built.snapshot || !composition.incomplete) return built;
  bool again = false;
  for (const auto& fault : built.faults) again = tolerate(fault) || again;
  return again ? pipeline::build_snapshot(composition.contributions, chains_, known_)
               : std::move(built);
}

// A fault at "chains.<name>[<i>]" about an entry that nobody has declared: from now on it is known,
// in the phase of the entry before it, which keeps the chain in order.
bool PipelinePublisher::tolerate(const pipeline::SnapshotFault& fault) {
  for (const auto& [name, entries] : chains_) {
    std::string before = "edge";
    for (size_t i = 0; i < entries.size(); ++i) {
      const auto found = known_.find(entries[i]);
      if (fault.path == join("chains.", name, "[", i, "]")) {
        return found == known_.end() && known_.emplace(entries[i], before).second;
      }
      if (found != known_.end()) before = found->second;
    }
  }
  return false;
}

}  // namespace gantry::plugins
