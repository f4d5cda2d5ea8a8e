// payments_simulator: what it adds to the server; each line names where the behaviour lives.
#include "gantry/plugin.hpp"
#include "ledger_rows.hpp"
#include "payments_simulator_migrations.hpp"
#include "provider.hpp"
#include "routes.hpp"
#include "schemas.hpp"

namespace gantry::payments_simulator {
namespace {

class PaymentsSimulator final : public Plugin {
 public:
  explicit PaymentsSimulator(Host& host) : Plugin(host), provider_(host) {}

  void prepare(Plan& plan) override {
    plan.migrations(kDatabase, payments_simulator_migrations::kEngines);
    plan.provide(GANTRY_PAYMENT_PROVIDER_ID, &provider_.table());
    plan.route("GET", "/admin/simulator/ledger",
               [this](Context&, const Request&) { return show_ledger(host(), entries_max_); },
               {.access = Access::kRole,
                .roles = "admin",
                .answer = schema::kLedger,
                .summary = "The simulated provider's books"});
  }

  void start() override {
    const Json config = host().config();
    entries_max_ = config["ledger_entries_max"].integer();
    provider_.start(static_cast<uint32_t>(config["latency_ms"].integer()));
  }

  void stop() override { provider_.stop(); }

 private:
  Provider provider_;
  int64_t entries_max_ = 0;
};

}  // namespace
}  // namespace gantry::payments_simulator

GANTRY_PLUGIN(gantry::payments_simulator::PaymentsSimulator)
