// What is written to the log is what is read from it.
#include <gtest/gtest.h>

#include "event_view.hpp"
#include "fixtures.hpp"
#include "inventory.hpp"
#include "json_table.hpp"
#include "ticketed_event.hpp"

namespace gantry::events {
namespace {

using testing_json::again;

TEST(InventoryEvents, SurviveTheLog) {
  using I = Inventory;
  const std::vector<I::Event> all{
      I::Opened{SectionKind::general_admission, 100'000, {}},
      I::Opened{SectionKind::numbered, 5, {{"A", 3}, {"Ü \"x\"", 2}}},
      I::Held{kAlice, {"A-1", "Ü \"x\"-2"}, 2, at(0s), at(300s)},
      I::Held{kAlice, {}, 7, at(0s), at(300s)},
      I::Extended{kBob, at(420s)},
      I::Confirmed{kBob, {"A-1"}, 1, at(10s)},
      I::Confirmed{kBob, {}, 3, at(10s)},
      I::Released{kBob, I::Place::held, I::Cause::expired, {}, 3, at(10s)},
      I::Released{kBob, I::Place::sold, I::Cause::refunded, {"A-1"}, 1, at(10s)},
      I::Released{kBob, I::Place::held, I::Cause::cancelled, {"A-1"}, 1, at(10s)},
      I::Released{kBob, I::Place::held, I::Cause::failed, {"A-1"}, 1, at(10s)},
  };
  for (const auto& event : all) EXPECT_EQ(again<I>(event), event) << I::encode(event).data;
}

TEST(EventEvents, SurviveTheLog) {
  using T = TicketedEvent;
  Details plain = concert(), rich = concert();
  rich.description = "Line 1\nLine 2 \"quoted\" ☃";
  rich.price_tiers[0].available_from = at(1h);
  rich.policies = {60, 4, {{14, 90}}, 5, true};
  const std::vector<T::Event> all{T::Created{kAlice, "owner", plain, at(0s)},
                                  T::Created{kAlice, "owner", rich, at(0s)}, T::Published{at(1s)},
                                  T::SalesOpened{at(2s)}, T::SalesClosed{at(3s)}};
  for (const auto& event : all) EXPECT_EQ(again<T>(event), event) << T::encode(event).data;
}

TEST(EventRows, AreShownAsTheStateTheyAreOf) {
  Details plain = concert(), rich = concert();
  rich.description = "Line 1\nLine 2 \"quoted\" ☃";
  rich.price_tiers[0].available_from = at(1h);
  rich.policies = {60, 4, {{14, 90}}, 5, true};
  for (const Details& details : {plain, rich}) {
    const TicketedEvent::State state{true,   kAlice, "owner", details, Status::sales_open,
                                     at(0s), at(5s)};
    JsonWriter written;
    written.object();
    write_details(written, details);
    written.end();
    const EventRow row{kAlice.text(), "owner", std::string(name_of(Status::sales_open)),
                       at(0s),        at(5s),  7,
                       written.text()};
    EXPECT_EQ(event_json(row), event_json(state, 7));
  }
}

TEST(EventEvents, OfAnUnknownTypeAreRefused) {
  static const gantry_json json = testing_json::table();
  const JsonDocument data(json, R"({"at": "2027-01-15T08:00:00.000Z"})");
  EXPECT_THROW(TicketedEvent::decode("events.created.v9", data.root()), Error);
}

TEST(EventBody, GetsDefaultPolicies) {
  static const gantry_json json = testing_json::table();
  const JsonDocument body(json, R"({"title": "T", "starts_at": "2027-01-15T08:00:00Z",
    "ends_at": "2027-01-15T09:00:00+01:00", "timezone": "UTC", "venue": {"name": "V"},
    "currency": "JPY", "sections": [{"name": "S", "kind": "numbered", "rows": [{"row": "A", "seats": 4}]}],
    "price_tiers": [{"name": "P", "section": "S", "price": {"amount": 500, "currency": "JPY"}}]})");
  const Details details = details_from(body.root());
  EXPECT_EQ(details.policies, Policies{});
  EXPECT_EQ(details.sections[0].capacity, 4u);
  EXPECT_EQ(details.ends_at, details.starts_at);
}

}  // namespace
}  // namespace gantry::events
