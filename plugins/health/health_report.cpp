#include "health_report.hpp"

#include "gantry/json_writer.hpp"

namespace gantry::health {

std::string_view name_of(Status status) {
  switch (status) {
    case Status::healthy:
      return "healthy";
    case Status::degraded:
      return "degraded";
    case Status::unhealthy:
      return "unhealthy";
  }
  return "unhealthy";
}

Status status_of(const std::vector<Check>& checks) {
  Status status = Status::healthy;
  for (const Check& check : checks) {
    if (check.healthy) continue;
    if (check.critical) return Status::unhealthy;
    status = Status::degraded;
  }
  return status;
}

std::string to_json(const HealthReport& report) {
  JsonWriter json;
  json.object()
      .field("status", name_of(status_of(report.checks)))
      .field("version", report.version)
      .field("uptime_seconds", report.uptime_ms / 1000)
      .array("checks");
  for (const Check& check : report.checks) {
    json.object()
        .field("name", check.name)
        .field("status", name_of(check.healthy ? Status::healthy : Status::unhealthy))
        .field("critical", check.critical)
        .field("duration_ms", check.duration_ms);
    if (!check.detail.empty()) json.field("detail", check.detail);
    json.end();
  }
  return std::move(json.end().field("timestamp", report.now).end()).text();
}

std::string to_json(const Readiness& readiness) {
  JsonWriter json;
  json.object().field("ready", readiness.ready);
  if (!readiness.reason.empty()) json.field("reason", readiness.reason);
  json.object("components");
  for (const Check& check : readiness.checks) {
    if (!check.critical) continue;
    json.field(check.name, name_of(check.healthy ? Status::healthy : Status::unhealthy));
  }
  return std::move(json.end().field("timestamp", readiness.now).end()).text();
}

}  // namespace gantry::health
