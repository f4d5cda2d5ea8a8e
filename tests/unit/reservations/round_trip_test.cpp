// What is written to the log is what is read from it.
#include <gtest/gtest.h>

#include "fixtures.hpp"
#include "reservation.hpp"
#include "tests/unit/events/json_table.hpp"

namespace gantry::reservations {
namespace {

using R = Reservation;

TEST(ReservationEvents, SurviveTheLog) {
  const std::vector<R::Event> all{
      held(),
      R::PaymentStarted{kFirst, at(10s)},
      R::HoldExtended{at(420s)},
      R::PaymentDeclined{kFirst, 2, at(20s)},
      R::Confirmed{kFirst, kTickets, at(30s)},
      R::Expired{at(420s)},
      R::Cancelled{R::Cause::customer, "a \"reason\"\n", at(40s)},
      R::Cancelled{R::Cause::admin, "", at(40s)},
      R::Cancelled{R::Cause::refunded, "refunded", at(40s)},
      R::Failed{at(40s)},
  };
  for (const auto& event : all)
    EXPECT_EQ(testing_json::again<R>(event), event) << R::encode(event).data;
}

TEST(ReservationEvents, OfAnUnknownTypeAreRefused) {
  static const gantry_json json = testing_json::table();
  const JsonDocument data(json, R"({"at": "2027-01-15T08:00:00.000Z"})");
  EXPECT_THROW(R::decode("reservations.lost.v1", data.root()), Error);
}

TEST(ReservationAnswer, HasTheMembersOfTheContract) {
  R::State state;
  R::evolve(state, held());
  static const gantry_json json = testing_json::table();
  const std::string text = reservation_json(id_of(1), state, 1);
  const JsonDocument answer(json, text);
  std::vector<std::string> names;
  answer.root().each_member([&](std::string_view name, Json) { names.emplace_back(name); });
  EXPECT_EQ(names, (std::vector<std::string>{"id", "event_id", "customer_id", "lines", "total",
                                             "state", "expires_at", "payment_ids", "ticket_ids",
                                             "created_at", "version"}));
  EXPECT_TRUE(answer["lines"].at(0)["seat"].is_null());
  EXPECT_EQ(answer["lines"].at(1)["seat"].text(), "A-1");
}

}  // namespace
}  // namespace gantry::reservations
