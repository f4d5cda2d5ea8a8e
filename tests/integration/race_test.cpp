// Two buyers for one seat, again and again: one winner each time, the loser is told so, nothing
// fails.
#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

#include "gantry/text.hpp"
#include "tests/support/server.hpp"
#include "tests/support/shop.hpp"

namespace gantry::tests {
namespace {

TEST(SeatRace, HasOneWinnerEachAndTheLoserGets409SeatTaken) {
  const char* given = std::getenv("GANTRY_TEST_LONG");
  const bool long_run = given && *given;
  const uint32_t rows = long_run ? 100 : 25;  // × 10 seats
  Server server;
  ASSERT_TRUE(server.start()) << server.output();
  Shop shop(server.port());
  const std::string organizer = shop.log_in("organizer@example.com");
  const std::string token[2] = {shop.log_in("a@example.com"), shop.log_in("b@example.com")};
  const std::string event = shop.open_event(organizer, {{"Hall", rows, 10, 1000}});
  ASSERT_FALSE(event.empty());

  Shop buyer[2] = {Shop(server.port()), Shop(server.port())};
  uint32_t races = 0, winners = 0, taken = 0;
  std::string odd;
  for (uint32_t row = 1; row <= rows; ++row) {
    for (uint32_t seat = 1; seat <= 10; ++seat, ++races) {
      Answer answer[2];
      std::thread racing[2];
      for (int i = 0; i < 2; ++i) {
        racing[i] = std::thread([&, i] {
          answer[i] = buyer[i].hold(token[i], join("race-", row, "-", seat, "-", i, "-aaaaaaaa"),
                                    event, Shop::seat_line("Hall", join("R", row, "-", seat)));
        });
      }
      for (auto& one : racing) one.join();
      for (const Answer& one : answer) {
        const bool lost = one.status == 409 && JsonBody(one.body).text("code") == "SEAT_TAKEN";
        winners += one.status == 201;
        taken += lost;
        if (one.status != 201 && !lost) odd = join(one.status, " ", one.body);
      }
    }
  }
  EXPECT_EQ(winners, races);
  EXPECT_EQ(taken, races);
  EXPECT_EQ(odd, "");
  const JsonBody seats(shop.get("", join("/api/events/", event, "/availability")).body);
  EXPECT_EQ(seats.integer("sections.0.capacity"), static_cast<int64_t>(races));
}

}  // namespace
}  // namespace gantry::tests
