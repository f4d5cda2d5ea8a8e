// payments: what it adds to the server; each line names where the behaviour lives.
#include "gantry/plugin.hpp"

#include <optional>

#include "answers.hpp"
#include "gantry/ticketing/payment_provider.h"
#include "gantry/ticketing/reservations.h"
#include "payment_schemas.hpp"
#include "payment_view.hpp"
#include "payments_migrations.hpp"
#include "provider_client.hpp"
#include "routes.hpp"
#include "schemas.hpp"
#include "settle_process.hpp"

namespace gantry::payments {
namespace {

constexpr uint32_t kHealthTimeoutMs = 2000;

class Payments final : public Plugin {
 public:
  explicit Payments(Host& host) : Plugin(host), desk_(host) {}

  void prepare(Plan& plan) override {
    plan.events(kPaymentEvents);
    plan.migrations(kDatabase, payments_migrations::kEngines);
    plan.need(GANTRY_RESERVATIONS_ID);
    plan.need(GANTRY_PAYMENT_PROVIDER_ID);
    commands(plan);
    queries(plan);
    plan.projection(kView, kViewVersion, kDatabase, {"payment-*"},
                    [this](const StoredEvent& stored, const Rows& rows) {
                      project_payment(host(), stored, rows);
                    });
    plan.subscribe(kSettleProcess, {"payment-*"},
                   [this](const StoredEvent& stored) { settle(desk_, *provider_, stored); });
    plan.health("payment_provider", false, kHealthTimeoutMs, [this] { check_provider(); });
    // A health check is what the host calls every second, on a thread that may block.
    plan.health("payments_settled_elsewhere", false, kHealthTimeoutMs,
                [this] { answer_settled_elsewhere(desk_); });
  }

  void start() override {
    desk_.settings = Settings::of(host().config());
    desk_.page_tokens = PageTokens::kept_in(host(), kDatabase, "payments_page_key");
    desk_.waiters.start(desk_.settings.waiters_max);
    provider_.emplace(host(), desk_.settings.provider_timeout_ms);
  }

  void stop() override { desk_.waiters.clear(); }

 private:
  using Handler = Response (*)(Desk&, Context&, const Request&);
  RouteHandler on(Handler handler) {
    return [this, handler](Context& context, const Request& request) {
      return handler(desk_, context, request);
    };
  }

  void commands(Plan& plan) {
    const std::string payment = schema::payment(), refund_answer = schema::refund();
    plan.route("POST", "/api/payments", on(pay),
               {.access = Access::kSession,
                .idempotency = Idempotency::kRequired,
                .body = schema::kPay,
                .answer = payment,
                .summary = "Pays a reservation"});
    plan.route("POST", "/api/payments/{id:uuid}/refund", on(refund),
               {.access = Access::kSession,
                .idempotency = Idempotency::kRequired,
                .body = schema::kRefund,
                .answer = refund_answer,
                .summary = "Sends money of a payment back, as the event's refund rules allow"});
  }

  void queries(Plan& plan) {
    const auto query = [&](std::string_view pattern, Handler handler, const std::string& answer,
                           std::string_view summary) {
      plan.route(
          "GET", pattern, on(handler),
          {.access = Access::kSession, .answer = answer, .reads = kView, .summary = summary});
    };
    query("/api/payments", list_payments, schema::payments(), "Your payments, newest first");
    query("/api/payments/{id:uuid}", show_payment, schema::payment(), "One payment");
    query("/api/users/{id:uuid}/payments", list_user_payments, schema::payments(),
          "Payments of a user, newest first");
    query("/api/payments/{id:uuid}/refunds", list_refunds, schema::refunds(),
          "Refunds of a payment, oldest first");
    query("/api/refunds/{id:uuid}", show_refund, schema::refund(), "One refund");
  }

  // Any answer will do, also that there is no such payment.
  void check_provider() {
    const Reply reply = provider_->retrieve(Uuid());
    if (reply.kind == Reply::Kind::unavailable) throw Error(Code::kUnavailable, "refused");
    if (reply.kind == Reply::Kind::unknown) throw Error(Code::kDeadline, "timeout");
  }

  Desk desk_;
  std::optional<ProviderClient> provider_;  // set in start()
};

}  // namespace
}  // namespace gantry::payments

GANTRY_PLUGIN(gantry::payments::Payments)
