// health: two routes on the event loop that read the host's last results; no request runs a
// check, so a probe costs no I/O and a hung dependency blocks nobody.
#include "gantry/plugin.hpp"
#include "health_report.hpp"

namespace gantry::health {
namespace {

class Health final : public Plugin {
 public:
  explicit Health(Host& host) : Plugin(host) {}

  void prepare(Plan& plan) override {
    const auto get = [&](std::string_view path, std::string_view summary, auto show) {
      plan.route("GET", path,
                 [this, show](Context&, const Request&) {
                   return (this->*show)().header("Cache-Control", "no-store");
                 },
                 {.access = Access::kPublic,
                  .runs = Runs::kOnLoop,
                  .chain = "health",
                  .summary = summary});
    };
    get("/health", "State of the server and of what it depends on", &Health::health);
    get("/ready", "Whether the server wants requests", &Health::ready);
  }

 private:
  Response health() const {
    const auto found = checks();
    const auto& table = host().health();
    const HealthReport report{host().version(), table.uptime_ms(table.self), host().now(), found};
    const bool up = status_of(found) != Status::unhealthy;
    return Response(up ? 200 : 503, "application/json", to_json(report));
  }

  Response ready() const {
    const auto found = checks();
    const auto& table = host().health();
    TextSink reason;
    const bool yes = table.ready(table.self, reason.abi()) != 0;
    const Readiness readiness{yes, yes ? std::string() : reason.take(), host().now(), found};
    return Response(yes ? 200 : 503, "application/json", to_json(readiness));
  }

  std::vector<Check> checks() const {
    std::vector<Check> found;
    const auto& table = host().health();
    table.each(table.self, &found, [](void* state, const gantry_health_result* result) {
      static_cast<std::vector<Check>*>(state)->push_back(
          {std::string(from_abi(result->name)), std::string(from_abi(result->detail)),
           result->healthy != 0, result->critical != 0, result->duration_ms});
    });
    return found;
  }
};

}  // namespace
}  // namespace gantry::health

GANTRY_PLUGIN(gantry::health::Health)
