// AdminRoutes: what the host itself answers, in the chain "admin", for the role admin:
//
//   GET  /admin/plugins               every plugin: version, state, reason, routes, consumers
//   POST /admin/plugins/{id}/enable   switches one on;  200 with its entry
//   POST /admin/plugins/{id}/disable  switches one off; 200 with its entry, once no new request
//   reaches it GET  /admin/chains                the middleware of each chain, in order
//
// The same operations serve the control socket.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "core/consume/consumers.hpp"
#include "core/observe/log.hpp"
#include "core/pipeline/contribution.hpp"
#include "core/pipeline/pipeline.hpp"
#include "core/plugins/registry.hpp"
#include "core/runtime/workers.hpp"

namespace gantry::host {

class AdminRoutes {
 public:
  // control: a pool of one thread on which operations on plugins run.
  AdminRoutes(pipeline::Pipeline& pipeline, runtime::Workers& control, observe::Logger& logger,
              std::chrono::milliseconds drain_timeout);

  pipeline::Contribution contribution();
  // Before the first request.
  void serve(plugins::Registry& registry, const consume::Consumers& consumers) {
    registry_ = &registry;
    consumers_ = &consumers;
  }

  // One line of the control socket: plugin.list, plugin.enable, plugin.disable.
  std::string answer_control(std::string_view line);

 private:
  using Handle = uint32_t (*)(void*, gantry_handle, const gantry_request*) noexcept;
  pipeline::RouteSpec route(std::string method, std::string pattern, std::string summary,
                            Handle handle);
  static uint32_t list(void* self, gantry_handle exchange, const gantry_request* request) noexcept;
  static uint32_t enable(void* self, gantry_handle exchange,
                         const gantry_request* request) noexcept;
  static uint32_t disable(void* self, gantry_handle exchange,
                          const gantry_request* request) noexcept;
  static uint32_t chains(void* self, gantry_handle exchange,
                         const gantry_request* request) noexcept;

  uint32_t operate(gantry_handle exchange, std::string id, bool on);
  // Runs on the control thread; throws gantry::Error.
  void switch_plugin(const std::string& id, bool on, const std::function<void()>& effective);
  std::string plugins_json() const;
  std::string plugin_json(const std::string& id) const;
  std::string chains_json() const;
  void problem(gantry_handle exchange, const Error& error);

  pipeline::Pipeline& pipeline_;
  runtime::Workers& control_;
  observe::Logger& logger_;
  const std::chrono::milliseconds drain_timeout_;
  plugins::Registry* registry_ = nullptr;
  const consume::Consumers* consumers_ = nullptr;
};

}  // namespace gantry::host
