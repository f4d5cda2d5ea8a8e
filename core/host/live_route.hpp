// LiveRoute: GET /health/live, which the host answers itself and in no chain: whoever restarts the
// process on it must not be told about plugins.
#pragma once
#include "core/pipeline/contribution.hpp"
#include "core/pipeline/pipeline.hpp"
#include "core/plugins/health_board.hpp"

namespace gantry::host {

class LiveRoute {
 public:
  // Both outlive the requests.
  LiveRoute(pipeline::Pipeline& pipeline, const plugins::HealthBoard& health)
      : pipeline_(pipeline), health_(health) {}

  pipeline::Contribution contribution();

 private:
  static uint32_t answer(void* self, gantry_handle exchange,
                         const gantry_request* request) noexcept;

  pipeline::Pipeline& pipeline_;
  const plugins::HealthBoard& health_;
};

}  // namespace gantry::host
