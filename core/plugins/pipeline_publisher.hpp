// PipelinePublisher: publishes into the pipeline's snapshots.
#pragma once
#include "core/pipeline/pipeline.hpp"
#include "core/plugins/health_board.hpp"
#include "core/plugins/publisher.hpp"

namespace gantry::plugins {

// One call at a time: the registry's.
class PipelinePublisher final : public Publisher {
 public:
  // A published snapshot that lacks a middleware which its chains name makes `health` not ready.
  PipelinePublisher(pipeline::Pipeline& pipeline, pipeline::ChainConfig chains,
                    HealthBoard& health);

  std::vector<pipeline::SnapshotFault> faults(const Composition& composition) override;
  std::vector<RouteOutlook> outlook(const Composition& composition) override;
  void publish(const Composition& composition, std::function<void()> on_switched,
               std::function<void()> on_drained) override;

 private:
  pipeline::BuiltSnapshot build(const Composition& composition);
  bool tolerate(const pipeline::SnapshotFault& fault);

  pipeline::Pipeline& pipeline_;
  const pipeline::ChainConfig chains_;
  HealthBoard& health_;
  // Every middleware that is built in or that some plugin has declared so far.
  pipeline::KnownMiddleware known_;
};

}  // namespace gantry::plugins
