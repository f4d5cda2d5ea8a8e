// Events: what this plugin adds to the host; each line names where the behaviour lives.
#include "gantry/plugin.hpp"

#include "availability.hpp"
#include "box_office.hpp"
#include "event_view.hpp"
#include "events_migrations.hpp"
#include "inventory_schemas.hpp"
#include "inventory_service.hpp"
#include "routes.hpp"
#include "schemas.hpp"
#include "ticketed_event_schemas.hpp"

namespace {

using namespace gantry;
using namespace gantry::events;

class Events final : public Plugin {
 public:
  explicit Events(Host& host) : Plugin(host), office_(host), inventory_(office_) {}

  void prepare(Plan& plan) override {
    plan.events(kTicketedEvents);
    plan.events(kInventoryEvents);
    plan.migrations(kDatabase, events_migrations::kEngines);
    commands(plan);
    queries(plan);
    plan.projection(
        kEventView, kEventViewVersion, kDatabase, {"event-*"},
        [this](const StoredEvent& e, const Rows& rows) { project_event(host(), e, rows); });
    plan.projection(
        kAvailabilityView, kAvailabilityViewVersion, kDatabase, {"inventory-*"},
        [this](const StoredEvent& e, const Rows& rows) { project_availability(host(), e, rows); });
    plan.provide(GANTRY_INVENTORY_ID, inventory_.table());
  }

  void start() override {
    office_.creators = host().config()["creators"].text();
    office_.page_tokens = PageTokens::kept_in(host(), kDatabase, "events_page_key");
  }

 private:
  using Handler = Response (*)(BoxOffice&, Context&, const Request&);
  RouteHandler on(Handler handler) {
    return [this, handler](Context& context, const Request& request) {
      return handler(office_, context, request);
    };
  }

  void commands(Plan& plan) {
    plan.route("POST", "/api/events", on(create_event),
               {.access = Access::kSession,
                .idempotency = Idempotency::kOptional,
                .body = schema::kCreateEvent,
                .answer = schema::kEvent,
                .summary = "Creates an event as a draft, with its sections and prices"});
    const auto action = [&](std::string_view pattern, Handler handler, std::string_view summary) {
      plan.route("POST", pattern, on(handler),
                 {.access = Access::kSession,
                  .idempotency = Idempotency::kOptional,
                  .answer = schema::kEvent,
                  .summary = summary});
    };
    action("/api/events/{id:uuid}/publish", publish_event, "Makes a draft visible to everybody");
    action("/api/events/{id:uuid}/sales/open", open_sales, "Starts or resumes the sale");
    action("/api/events/{id:uuid}/sales/close", close_sales, "Stops the sale");
  }

  void queries(Plan& plan) {
    const auto query = [&](std::string_view pattern, Handler handler, Runs runs,
                           std::string_view answer, std::string_view reads,
                           std::string_view summary) {
      plan.route("GET", pattern, on(handler),
                 {.access = Access::kPublic,
                  .runs = runs,
                  .chain = "optional",
                  .answer = answer,
                  .reads = reads,
                  .summary = summary});
    };
    query("/api/events", list_events, Runs::kOnWorker, schema::kEventList, kEventView,
          "Events, newest first; drafts only for their owner");
    query("/api/events/{id:uuid}", show_event, Runs::kOnLoop, schema::kEvent, kEventView,
          "One event");
    query("/api/events/{id:uuid}/availability", show_availability, Runs::kOnLoop,
          schema::kAvailability, kAvailabilityView,
          "Free, held and sold places of each section; ?view=seats adds the seats");
    query("/api/events/{id:uuid}/sections/{section}/availability", show_section, Runs::kOnLoop,
          schema::kSectionAvailability, kAvailabilityView,
          "Free, held and sold places of a section");
    query("/api/events/{id:uuid}/total-available", show_total, Runs::kOnLoop,
          schema::kTotalAvailable, kAvailabilityView, "Free places of all sections together");
  }

  BoxOffice office_;
  InventoryService inventory_;
};

}  // namespace

GANTRY_PLUGIN(Events)
