#include "core/plugins/plan.hpp"

#include "core/pipeline/phase.hpp"
#include "core/plugins/adapters.hpp"
#include "core/plugins/plan_rules.hpp"
#include "core/plugins/tables/call.hpp"

namespace gantry::plugins {
namespace {
// Runs body(plan) for one function of the table.
template <class F>
gantry_rc record(void* self, const gantry_sink* why, F&& body) noexcept {
  try {
    body(*static_cast<Plan*>(self));
    return GANTRY_OK;
  } catch (...) {
    return gantry::detail::report_current(
        [&](std::string_view text) { gantry::detail::say(why, text); });
  }
}

// Entries are copied by the size the plugin knows; later headers only add members at the end.
template <class T>
gantry_rc record_entry(void* self, const T* entry, const gantry_sink* why) noexcept {
  return record(self, why, [&](Plan& plan) { plan.add(checked_entry(entry)); });
}

gantry_rc provide(void* self, gantry_str service, const void* table,
                  const gantry_sink* why) noexcept {
  return record(self, why, [&](Plan& plan) { plan.provide(view(service), table); });
}
gantry_rc need(void* self, gantry_str service, const gantry_sink* why) noexcept {
  return record(self, why, [&](Plan& plan) { plan.need(view(service)); });
}
}  // namespace

Plan::Plan(Context& context, pipeline::OwnerPtr owner)
    : context_(context),
      table_{sizeof(gantry_plan),
             this,
             record_entry<gantry_route>,
             record_entry<gantry_middleware>,
             record_entry<gantry_subscription>,
             record_entry<gantry_projection>,
             record_entry<gantry_migration>,
             record_entry<gantry_health_check>,
             plugins::provide,
             plugins::need,
             record_entry<gantry_event_type>} {
  prepared_.contribution.owner = std::move(owner);
  prepared_.contribution.needs = context.manifest().service_needs;
}

Prepared Plan::take() {
  taken_ = true;
  return std::move(prepared_);
}

template <class List>
void Plan::demand_own_name(std::string_view name, const List& others) const {
  if (taken_) throw Error(Code::kDenied, "the plan is open during prepare() only");
  const std::string prefix = context_.id() + ".";
  if (!is_dotted_name(name) || name.substr(0, prefix.size()) != prefix)
    throw Error(Code::kInvalid, join("name \"", name, "\" must be \"", prefix, "<purpose>\""));
  for (const auto& other : others) {
    if (other.name == name) throw Error(Code::kInvalid, join("there are two of ", name));
  }
}

void Plan::add(const gantry_route& route) {
  if (taken_) throw Error(Code::kDenied, "the plan is open during prepare() only");
  demand_route(route);
  prepared_.contribution.routes.push_back(
      {std::string(view(route.method)), std::string(view(route.pattern)),
       std::string(view(route.chain)), std::string(view(route.roles)),
       std::string(view(route.body_schema)), std::string(view(route.answer_schema)),
       std::string(view(route.reads)), std::string(view(route.summary)), route.access, route.thread,
       route.idempotency, route.body_bytes_max, route.self, route.handle});
}

void Plan::add(const gantry_middleware& middleware) {
  if (taken_) throw Error(Code::kDenied, "the plan is open during prepare() only");
  demand_middleware(middleware);
  prepared_.contribution.middleware.push_back({std::string(view(middleware.name)),
                                               std::string(view(middleware.phase)), middleware.self,
                                               middleware.on_request, middleware.on_response});
}

void Plan::add(const gantry_subscription& subscription) {
  demand_own_name(view(subscription.name), prepared_.processes);
  if (!subscription.handle) throw Error(Code::kInvalid, "a subscription has no handle function");
  prepared_.processes.push_back(process_of(subscription, context_));
}

void Plan::add(const gantry_projection& projection) {
  demand_own_name(view(projection.name), prepared_.projections);
  if (!projection.apply) throw Error(Code::kInvalid, "a projection has no apply function");
  if (projection.version == 0) throw Error(Code::kInvalid, "a projection's version begins at 1");
  demand_database(view(projection.database));
  prepared_.projections.push_back(projection_of(projection, context_));
}

void Plan::add(const gantry_migration& migration) {
  if (taken_) throw Error(Code::kDenied, "the plan is open during prepare() only");
  const auto name = view(migration.name), sql = view(migration.sql);
  demand_database(view(migration.database));
  if (migration.number == 0 || name.empty() || sql.empty() || view(migration.engine).empty())
    throw Error(Code::kInvalid, "a migration needs number (from 1), engine, name and sql");
  prepared_.migrations.push_back(
      {std::string(view(migration.database)), std::string(view(migration.engine)),
       sql::Migration{context_.id(), migration.number, std::string(name), std::string(sql)}});
}

void Plan::add(const gantry_health_check& check) {
  if (taken_) throw Error(Code::kDenied, "the plan is open during prepare() only");
  if (!is_dotted_name(view(check.name)))
    throw Error(Code::kInvalid, join("health check \"", view(check.name), "\": name it like a_b"));
  if (!check.check) throw Error(Code::kInvalid, "a health check has no function");
  if (check.timeout_ms == 0) throw Error(Code::kInvalid, "a health check needs a timeout_ms");
  for (const HealthCheck& other : prepared_.health_checks) {
    if (other.name == view(check.name))
      throw Error(Code::kInvalid, join("there are two health checks ", other.name));
  }
  prepared_.health_checks.push_back(health_check_of(check));
}

void Plan::add(const gantry_event_type& type) {
  if (taken_) throw Error(Code::kDenied, "the plan is open during prepare() only");
  auto declared = log::declared_type(view(type.type), view(type.schema), upcast_of(type, context_));
  demand_event_type(declared, context_.id(), prepared_.event_types);
  prepared_.event_types.push_back(std::move(declared));
}

void Plan::provide(std::string_view service, const void* table) {
  if (taken_) throw Error(Code::kDenied, "the plan is open during prepare() only");
  if (!table) throw Error(Code::kInvalid, join("service ", service, " has no table"));
  if (!contains(context_.manifest().provides, service)) {
    throw Error(Code::kInvalid,
                join("plugin.yaml does not list ", service, " under services.provides"));
  }
  if (contains(prepared_.contribution.provides, service))
    throw Error(Code::kInvalid, join("service ", service, " is provided twice"));
  prepared_.contribution.provides.emplace_back(service);
  prepared_.services.push_back({std::string(service), table});
}

void Plan::need(std::string_view service) {
  if (taken_) throw Error(Code::kDenied, "the plan is open during prepare() only");
  if (!is_interface_name(service))
    throw Error(Code::kInvalid, join("\"", service, "\" is no service; \"acme.mail/1\" would be"));
  if (!contains(prepared_.contribution.needs, service))
    prepared_.contribution.needs.emplace_back(service);
}

}  // namespace gantry::plugins
