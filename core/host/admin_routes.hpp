// AdminRoutes: what the host itself answers, in the chain "admin", for the role admin:
//
//   GET  /admin/plugins               every plugin: version, state, reason, routes, consumers
//   POST /admin/plugins/{id}/enable   switches one on;  200 with its entry
//   POST /admin/plugins/{id}/disable  switches one off; 200 with its entry and with what answers
//   503
//                                     from now on, once no new request reaches it
//   GET  /admin/chains                the middleware of each chain, in order
//
// With ?dry_run=true the two only answer what they would change. One that is so already is left as
// it is ("changed": false). The same operations serve the control socket.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "core/consume/consumers.hpp"
#include "core/host/plugin_json.hpp"
#include "core/host/switch_order.hpp"
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

  uint32_t operate(gantry_handle exchange, const gantry_request& request, bool on);
  // On the control thread. `effective` is called once, with the answer, when it is true for new
  // requests; then waits until the switch is complete.  throws gantry::Error
  void carry_out(const SwitchOrder& order,
                 const std::function<void(const std::string& json)>& effective);
  void refuse(gantry_handle exchange, const WrongParameter& wrong);
  std::string plugins_json() const;
  std::string switched_json(const SwitchOrder& order, const Switched& switched) const;
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
