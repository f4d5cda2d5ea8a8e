#include "core/host/plugin_json.hpp"

#include "gantry/json_writer.hpp"
#include "gantry/text.hpp"

namespace gantry::host {
namespace {

void write_list(JsonWriter& json, std::string_view name, const std::vector<std::string>& list) {
  json.array(name);
  for (const std::string& item : list) json.value(item);
  json.end();
}

std::vector<std::string> routes_of(const pipeline::Snapshot& snapshot, const std::string& owner) {
  std::vector<std::string> routes;
  for (const auto& route : snapshot.routes()) {
    if (route->owner && route->owner->id() == owner)
      routes.push_back(join(route->spec.method, " ", route->spec.pattern));
  }
  return routes;
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

// Without the end of the object.
void begin_plugin(JsonWriter& json, const plugins::PluginInfo& plugin,
                  const std::vector<consume::ConsumerStatus>& consumers,
                  const pipeline::Snapshot& snapshot) {
  json.object()
      .field("id", plugin.id)
      .field("version", plugin.version)
      .field("state", name_of(plugin.state))
      .field("reason", plugin.reason)
      .field("since", plugin.since)
      .field("summary", plugin.summary)
      .field("path", plugin.path)
      .field("sha256", plugin.sha256);
  write_list(json, "provides", plugin.provides);
  write_list(json, "needs", plugin.needs);
  write_consumers(json, consumers, plugin.id);
  write_list(json, "routes", routes_of(snapshot, plugin.id));
}

void write_plan(JsonWriter& json, const plugins::SwitchPlan& plan) {
  json.object("plan");
  write_list(json, "routes", plan.routes);
  write_list(json, "subscriptions", plan.subscriptions);
  json.array("services");
  for (const auto& need : plan.services)
    json.object().field("service", need.service).field("needed_by", need.plugin).end();
  json.end().array("unavailable");
  for (const auto& route : plan.unavailable) {
    json.object()
        .field("route", route.route)
        .field("plugin", route.owner)
        .field("reason", route.unavailable)
        .end();
  }
  json.end();
  write_list(json, "available", plan.available);
  json.end();
}

}  // namespace

std::string to_json(const std::vector<plugins::PluginInfo>& all,
                    const std::vector<consume::ConsumerStatus>& consumers,
                    const pipeline::Snapshot& snapshot) {
  JsonWriter json;
  json.array();
  for (const auto& plugin : all) {
    begin_plugin(json, plugin, consumers, snapshot);
    json.end();
  }
  return std::move(json.end()).text();
}

std::string to_json(const plugins::PluginInfo& plugin,
                    const std::vector<consume::ConsumerStatus>& consumers,
                    const pipeline::Snapshot& snapshot, const Switched& switched) {
  JsonWriter json;
  begin_plugin(json, plugin, consumers, snapshot);
  json.field("dry_run", switched.dry_run).field("changed", switched.changed);
  if (switched.plan) write_plan(json, *switched.plan);
  return std::move(json.end()).text();
}

}  // namespace gantry::host
