// Reservations: what this plugin adds to the host; each line names where the behaviour lives.
#include "gantry/plugin.hpp"
#include "gantry/ticketing/inventory.h"

#include "desk.hpp"
#include "expiry_process.hpp"
#include "reservation_schemas.hpp"
#include "reservation_view.hpp"
#include "reservations_migrations.hpp"
#include "reservations_service.hpp"
#include "routes.hpp"
#include "schemas.hpp"

namespace {

using namespace gantry;
using namespace gantry::reservations;

class Reservations final : public Plugin {
 public:
  explicit Reservations(Host& host) : Plugin(host), desk_(host), service_(desk_) {}

  void prepare(Plan& plan) override {
    plan.events(kReservationEvents);
    plan.need(GANTRY_INVENTORY_ID);
    plan.migrations(kDatabase, reservations_migrations::kEngines);
    commands(plan);
    queries(plan);
    plan.projection(
        kView, kViewVersion, kDatabase, {"reservation-*"},
        [this](const StoredEvent& e, const Rows& rows) { project_reservation(host(), e, rows); });
    plan.subscribe(kExpiryProcess, {"reservation-*"},
                   [this](const StoredEvent& e) { expire_when_due(desk_, e); });
    plan.provide(GANTRY_RESERVATIONS_ID, service_.table());
  }

  void start() override {
    desk_.page_tokens = PageTokens::kept_in(host(), kDatabase, "reservations_page_key");
  }

 private:
  using Handler = Response (*)(Desk&, Context&, const Request&);
  RouteHandler on(Handler handler) {
    return [this, handler](Context& context, const Request& request) {
      return handler(desk_, context, request);
    };
  }

  void commands(Plan& plan) {
    plan.route("POST", "/api/reservations", on(reserve),
               {.access = Access::kSession,
                .idempotency = Idempotency::kRequired,
                .body = schema::kReserve,
                .answer = schema::kReservation,
                .summary = "Holds seats for a while, all lines or none"});
    plan.route("POST", "/api/reservations/{id:uuid}/cancel", on(cancel_reservation),
               {.access = Access::kSession,
                .idempotency = Idempotency::kOptional,
                .body = schema::kCancel,
                .answer = schema::kReservation,
                .summary = "Gives the seats back before they are paid"});
  }

  void queries(Plan& plan) {
    const auto query = [&](std::string_view pattern, Handler handler, std::string_view answer,
                           std::string_view summary) {
      plan.route(
          "GET", pattern, on(handler),
          {.access = Access::kSession, .answer = answer, .reads = kView, .summary = summary});
    };
    query("/api/reservations", list_reservations, schema::kReservationList,
          "Your reservations, newest first; with event_id also those of an event you own");
    query("/api/reservations/{id:uuid}", show_reservation, schema::kReservation, "One reservation");
    query("/api/reservations/{id:uuid}/history", show_history, schema::kHistory,
          "What happened to a reservation, in order");
  }

  Desk desk_;
  ReservationsService service_;
};

}  // namespace

GANTRY_PLUGIN(Reservations)
