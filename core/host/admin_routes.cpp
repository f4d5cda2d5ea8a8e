#include "core/host/admin_routes.hpp"

#include <future>

#include "core/base/json.hpp"
#include "gantry/guard.hpp"
#include "gantry/json_writer.hpp"

namespace gantry::host {
namespace {

void write_routes(JsonWriter& json, const pipeline::Snapshot& snapshot, const std::string& owner) {
  json.array("routes");
  for (const auto& route : snapshot.routes()) {
    if (route->owner && route->owner->id() == owner)
      json.value(join(route->spec.method, " ", route->spec.pattern));
  }
  json.end();
}

// Where each of the plugin's consumers is, and on which instance it runs.
void write_consumers(JsonWriter& json, const std::vector<consume::ConsumerStatus>& all,
                     const std::string& owner) {
  json.array("consumers");
  for (const auto& consumer : all) {
    if (consumer.owner != owner) continue;
    json.object()
        .field("name", consumer.name)
        .field("kind", name_of(consumer.kind))
        .field("version", consumer.version)
        .field("state", name_of(consumer.state))
        .field("reason", consumer.reason)
        .field("position", consumer.position)
        .field("lag", consumer.lag)
        .field("instance", consumer.instance)
        .field("lease_epoch", consumer.lease_epoch)
        .end();
  }
  json.end();
}

void write_plugin(JsonWriter& json, const plugins::PluginInfo& plugin,
                  const std::vector<consume::ConsumerStatus>& consumers,
                  const pipeline::Snapshot* snapshot) {
  json.object()
      .field("id", plugin.id)
      .field("version", plugin.version)
      .field("state", name_of(plugin.state))
      .field("reason", plugin.reason)
      .field("since", plugin.since)
      .field("summary", plugin.summary)
      .field("path", plugin.path)
      .field("sha256", plugin.sha256);
  json.array("provides");
  for (const auto& service : plugin.provides) json.value(service);
  json.end().array("needs");
  for (const auto& service : plugin.needs) json.value(service);
  json.end();
  write_consumers(json, consumers, plugin.id);
  if (snapshot) write_routes(json, *snapshot, plugin.id);
  json.end();
}

}  // namespace

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
  return static_cast<AdminRoutes*>(self)->operate(exchange,
                                                  std::string(from_abi(request->params[0])), true);
}

uint32_t AdminRoutes::disable(void* self, gantry_handle exchange,
                              const gantry_request* request) noexcept {
  return static_cast<AdminRoutes*>(self)->operate(exchange,
                                                  std::string(from_abi(request->params[0])), false);
}

// Answers later, from the control thread: as soon as the switch has taken effect for new requests,
// for waiting on those under way would mean waiting for this very request.
uint32_t AdminRoutes::operate(gantry_handle exchange, std::string id, bool on) {
  const bool queued = control_.submit([this, exchange, id = std::move(id), on] {
    bool answered = false;
    const auto answer = [&] {
      answered = true;
      pipeline_.answer(exchange, 200, "application/json", plugin_json(id));
      pipeline_.resume(exchange, GANTRY_DONE);
    };
    try {
      switch_plugin(id, on, answer);
    } catch (const Error& error) {
      if (answered) {
        logger_.error("plugin.switch_incomplete", error.detail(), {{"plugin", id}});
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

void AdminRoutes::switch_plugin(const std::string& id, bool on,
                                const std::function<void()>& effective) {
  if (on) {
    registry_->enable(id);
    effective();
  } else {
    registry_->disable(id, drain_timeout_, effective);
  }
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
  const auto snapshot = pipeline_.current();
  JsonWriter json;
  json.array();
  const auto consumers = consumers_->list();
  for (const auto& plugin : registry_->list())
    write_plugin(json, plugin, consumers, snapshot.get());
  return std::move(json.end()).text();
}

std::string AdminRoutes::plugin_json(const std::string& id) const {
  const auto plugin = registry_->find(id);
  if (!plugin) return "{}";
  const auto snapshot = pipeline_.current();
  JsonWriter json;
  write_plugin(json, *plugin, consumers_->list(), snapshot.get());
  return std::move(json).text();
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
  const std::string command(member("command")), id(member("id"));
  if (command == "plugin.list") return done(plugins_json());
  if (command != "plugin.enable" && command != "plugin.disable")
    return failed(join("unknown command ", command));
  std::promise<std::string> promise;  // the caller waits for the whole of it
  const bool queued = control_.submit([&] {
    try {
      switch_plugin(id, command == "plugin.enable", [] {});
      promise.set_value(done(join("[", plugin_json(id), "]")));
    } catch (const Error& error) {
      promise.set_value(failed(error.detail()));
    }
  });
  return queued ? promise.get_future().get() : failed("too many operations on plugins wait");
}

}  // namespace gantry::host
