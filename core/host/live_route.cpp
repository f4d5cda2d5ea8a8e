#include "core/host/live_route.hpp"

#include "gantry/json_writer.hpp"

namespace gantry::host {

pipeline::Contribution LiveRoute::contribution() {
  pipeline::RouteSpec spec;
  spec.method = "GET";
  spec.pattern = "/health/live";
  spec.summary = "Whether the process makes progress";
  spec.access = GANTRY_ACCESS_PUBLIC;
  spec.thread = GANTRY_ON_LOOP;
  spec.self = this;
  spec.handle = &LiveRoute::answer;
  pipeline::Contribution host;
  host.owner = std::make_shared<pipeline::Owner>("gantry");
  host.routes.push_back(std::move(spec));
  return host;
}

uint32_t LiveRoute::answer(void* self, gantry_handle exchange, const gantry_request*) noexcept {
  auto& me = *static_cast<LiveRoute*>(self);
  const bool live = me.health_.live();
  JsonWriter json;
  json.object().field("status", live ? "ok" : "stuck").field("version", GANTRY_VERSION).end();
  me.pipeline_.header(exchange, "Cache-Control", "no-store");
  me.pipeline_.answer(exchange, live ? 200 : 503, "application/json", json.text());
  return GANTRY_DONE;
}

}  // namespace gantry::host
