#include "core/host/admin_routes.hpp"

#include <future>

#include "core/base/json.hpp"
#include "gantry/guard.hpp"
#include "gantry/json_writer.hpp"

namespace gantry::host {
AdminRoutes::AdminRoutes(pipeline::Pipeline& pipeline, runtime::Workers& control,
                         observe::Logger& logger, std::chrono::milliseconds drain_timeout)
    : pipeline_(pipeline), control_(control), logger_(logger), drain_timeout_(drain_timeout) {}

pipeline::RouteSpec AdminRoutes::route(std::string method, std::string pattern, std::string summary,
                                       Handle handle) {
  pipeline::RouteSpec spec;
  spec.method = std::move(method);
  spec.pattern = std::move(pattern);
  spec.summary = std::move(summary);
  spec.chain = "admin";
  spec.roles = "admin";
  spec.access = GANTRY_ACCESS_ROLE;
  spec.thread = GANTRY_ON_WORKER;
  spec.self = this;
  spec.handle = handle;
  return spec;
}

pipeline::Contribution AdminRoutes::contribution() {
  pipeline::Contribution host;
  host.owner = std::make_shared<pipeline::Owner>("gantry");
  host.routes.push_back(
      route("GET", "/admin/plugins", "Every plugin and its state", &AdminRoutes::list));
  host.routes.push_back(
      route("POST", "/admin/plugins/{id}/enable", "Switches a plugin on", &AdminRoutes::enable));
  host.routes.push_back(
      route("POST", "/admin/plugins/{id}/disable", "Switches a plugin off", &AdminRoutes::disable));
  host.routes.push_back(
      route("GET", "/admin/chains", "Middleware of each chain, in order", &AdminRoutes::chains));
  return host;
}

uint32_t AdminRoutes::list(void* self, gantry_handle exchange, const gantry_request*) noexcept {
  auto& me = *static_cast<AdminRoutes*>(self);
  me.pipeline_.answer(exchange, 200, "application/json",
                      join(R"({"items":)", me.plugins_json(), "}"));
  return GANTRY_DONE;
}

uint32_t AdminRoutes::chains(void* self, gantry_handle exchange, const gantry_request*) noexcept {
  auto& me = *static_cast<AdminRoutes*>(self);
  me.pipeline_.answer(exchange, 200, "application/json", me.chains_json());
  return GANTRY_DONE;
}

uint32_t AdminRoutes::enable(void* self, gantry_handle exchange,
                             const gantry_request* request) noexcept {
  return static_cast<AdminRoutes*>(self)->operate(exchange, *request, true);
}

uint32_t AdminRoutes::disable(void* self, gantry_handle exchange,
                              const gantry_request* request) noexcept {
  return static_cast<AdminRoutes*>(self)->operate(exchange, *request, false);
}

// Answers later, from the control thread: as soon as the switch has taken effect for new requests,
// for waiting on those under way would mean waiting for this very request.
uint32_t AdminRoutes::operate(gantry_handle exchange, const gantry_request& request, bool on) {
  const auto dry_run = read_dry_run(from_abi(request.query));
  if (!dry_run) {
    refuse(exchange, dry_run.reason());
    return GANTRY_DONE;
  }
  const SwitchOrder order{std::string(from_abi(request.params[0])), on, *dry_run};
  const bool queued = control_.submit([this, exchange, order] {
    bool answered = false;
    const auto answer = [&](const std::string& json) {
      answered = true;
      pipeline_.answer(exchange, 200, "application/json", json);
      pipeline_.resume(exchange, GANTRY_DONE);
    };
    try {
      carry_out(order, answer);
    } catch (const Error& error) {
      if (answered) {
        logger_.error("plugin.switch_incomplete", error.detail(), {{"plugin", order.id}});
      } else {
        problem(exchange, error);
        pipeline_.resume(exchange, GANTRY_DONE);
      }
    }
  });
  if (queued) return GANTRY_PENDING;
  pipeline_.fail(exchange, GANTRY_EXHAUSTED, "too many operations on plugins wait");
  return GANTRY_DONE;
}

void AdminRoutes::carry_out(const SwitchOrder& order,
                            const std::function<void(const std::string& json)>& effective) {
  using plugins::State;
  const auto plugin = registry_->find(order.id);
  const bool is_off =
      plugin && (plugin->state == State::kDisabled || plugin->state == State::kFailed ||
                 plugin->state == State::kRefused);
  if (plugin && (order.on ? plugin->state == State::kActive : is_off))
    return effective(switched_json(order, {order.dry_run, false, nullptr}));
  if (order.dry_run) {
    const plugins::SwitchPlan plan =
        order.on ? registry_->plan_enable(order.id) : registry_->plan_disable(order.id);
    return effective(switched_json(order, {true, false, &plan}));
  }
  if (order.on) {
    registry_->enable(order.id);
    return effective(switched_json(order, {false, true, nullptr}));
  }
  const plugins::SwitchPlan plan = registry_->plan_disable(order.id);
  bool told = false;
  const auto tell = [&] {
    told = true;
    effective(switched_json(order, {false, true, &plan}));
  };
  registry_->disable(order.id, drain_timeout_, tell);
  if (!told) tell();  // it was draining already
}

void AdminRoutes::refuse(gantry_handle exchange, const WrongParameter& wrong) {
  JsonWriter errors;
  errors.array()
      .object()
      .field("parameter", wrong.parameter)
      .field("code", wrong.code)
      .field("detail", wrong.detail)
      .end()
      .end();
  const bool malformed = wrong.status == 400;
  pipeline_.problem(exchange, static_cast<uint32_t>(wrong.status),
                    malformed ? "BAD_REQUEST" : "VALIDATION_FAILED",
                    join("The query is wrong: ", wrong.detail, "."), "", errors.text());
}

void AdminRoutes::problem(gantry_handle exchange, const Error& error) {
  switch (error.code()) {
    case Code::kNotFound:
      pipeline_.problem(exchange, 404, "PLUGIN_NOT_FOUND", error.detail(), "", "");
      return;
    case Code::kConflict:
      pipeline_.problem(exchange, 409, "PLUGIN_STATE_CONFLICT", error.detail(), "", "");
      return;
    case Code::kInvalid:
      pipeline_.problem(exchange, 422, "PLUGIN_REFUSED", error.detail(), "", "");
      return;
    case Code::kDeadline:
      pipeline_.problem(exchange, 504, "PLUGIN_STILL_DRAINING", error.detail(), "", "");
      return;
    default:
      pipeline_.problem(exchange, 503, "PLUGIN_UNAVAILABLE", error.detail(), "", "");
      return;
  }
}

std::string AdminRoutes::plugins_json() const {
  return to_json(registry_->list(), consumers_->list(), *pipeline_.current());
}

std::string AdminRoutes::switched_json(const SwitchOrder& order, const Switched& switched) const {
  const auto plugin = registry_->find(order.id);
  return plugin ? to_json(*plugin, consumers_->list(), *pipeline_.current(), switched) : "{}";
}

std::string AdminRoutes::chains_json() const {
  const auto snapshot = pipeline_.current();
  JsonWriter json;
  json.object().array("chains");
  for (const auto& chain : snapshot->describe()) {
    json.object().field("name", chain.name).array("entries");
    for (const auto& entry : chain.entries) {
      json.object()
          .field("name", entry.name)
          .field("phase", entry.phase)
          .field("plugin", entry.owner);
      json.field("missing", entry.missing).end();
    }
    json.end().end();
  }
  return std::move(json.end().end()).text();
}

std::string AdminRoutes::answer_control(std::string_view line) {
  const auto failed = [](std::string_view why) {
    JsonWriter json;
    return std::string(json.object().field("ok", false).field("error", why).end().text());
  };
  const auto done = [](const std::string& result) {
    return join(R"({"ok":true,"result":)", result, "}");
  };
  base::JsonDocument request;
  if (!request.parse(line)) return failed("the request is not JSON");
  const auto member = [&](std::string_view name) {
    return base::json::text(base::json::member(request.root(), name)).value_or("");
  };
  const std::string command(member("command"));
  const bool dry_run =
      base::json::boolean(base::json::member(request.root(), "dry_run")).value_or(false);
  const SwitchOrder order{std::string(member("id")), command == "plugin.enable", dry_run};
  if (command == "plugin.list") return done(plugins_json());
  if (command != "plugin.enable" && command != "plugin.disable")
    return failed(join("unknown command ", command));
  std::promise<std::string> promise;  // the caller waits for the whole of it
  const bool queued = control_.submit([&] {
    try {
      std::string entry;
      carry_out(order, [&](const std::string& json) { entry = json; });
      promise.set_value(done(join("[", entry, "]")));
    } catch (const Error& error) {
      promise.set_value(failed(error.detail()));
    }
  });
  return queued ? promise.get_future().get() : failed("too many operations on plugins wait");
}

}  // namespace gantry::host
