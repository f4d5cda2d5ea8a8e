// The facade's front door: derive from gantry::Plugin, declare everything in prepare(), end the
// file with GANTRY_PLUGIN(YourClass). Include this one header.
//
//   class Hello final : public gantry::Plugin {
//    public:
//     explicit Hello(gantry::Host& host) : Plugin(host) {}
//     void prepare(gantry::Plan& plan) override {
//       plan.route("GET", "/hello", [](gantry::Context&, const gantry::Request&) { … }, {.access =
//       kPublic});
//     }
//   };
//   GANTRY_PLUGIN(Hello)
#pragma once
#include <memory>
#include <utility>

#include "gantry/abi/plugin.h"
#include "gantry/aggregate.hpp"
#include "gantry/ask.hpp"
#include "gantry/context.hpp"
#include "gantry/host.hpp"
#include "gantry/plan.hpp"
#include "gantry/result.hpp"
#include "gantry/sql.hpp"

namespace gantry {

class Plugin {
 public:
  explicit Plugin(Host& host) : host_(host) {}
  virtual ~Plugin() = default;
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  // Declares what the plugin adds; no other side effects. [setup]
  virtual void prepare(Plan& plan) = 0;
  // Migrations have run, no request comes yet. [setup]
  virtual void start() {}
  // Nothing is under way any more. [setup]
  virtual void stop() {}

 protected:
  const Host& host() const { return host_; }

 private:
  Host& host_;
};

namespace detail {

// One instance of a plugin, with what it declared; what the host calls `self`.
template <class P>
class Instance {
 public:
  explicit Instance(const gantry_host& raw) : host_(raw), plugin_(host_) {}

  static gantry_rc enter(const gantry_host* host, gantry_plugin* out,
                         const gantry_sink* why) noexcept {
    return guarded(why, [&] {
      out->self = std::make_unique<Instance>(*host).release();
      out->prepare = [](void* self, const gantry_plan* plan, const gantry_sink* reason) noexcept {
        return guarded(reason, [&] { from(self).prepare(*plan); });
      };
      out->start = [](void* self, const gantry_sink* reason) noexcept {
        return guarded(reason, [&] { from(self).plugin_.start(); });
      };
      out->stop = [](void* self) noexcept { guarded(nullptr, [&] { from(self).plugin_.stop(); }); };
      out->destroy = [](void* self) noexcept {
        guarded(nullptr, [&] { std::unique_ptr<Instance>(&from(self)).reset(); });
      };
    });
  }

 private:
  static Instance& from(void* self) { return *static_cast<Instance*>(self); }
  void prepare(const gantry_plan& raw) {
    Plan plan(raw, host_, declared_);
    plugin_.prepare(plan);
  }

  Host host_;
  Declared declared_;  // before plugin_, so that it is destroyed after it
  P plugin_;
};

}  // namespace detail
}  // namespace gantry

// Defines the one exported symbol.
#define GANTRY_PLUGIN(Class)                                                             \
  extern "C" __attribute__((visibility("default"))) gantry_rc gantry_plugin_entry(       \
      const gantry_host* host, gantry_plugin* plugin, const gantry_sink* why) noexcept { \
    return gantry::detail::Instance<Class>::enter(host, plugin, why);                    \
  }
