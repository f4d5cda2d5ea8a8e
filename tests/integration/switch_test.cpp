// A plugin is switched off and on under load on the others: nobody else notices, its own routes
// answer with problem documents only, and its subscriptions miss nothing.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "gantry/text.hpp"
#include "tests/support/server.hpp"
#include "tests/support/shop.hpp"

namespace gantry::tests {
namespace {

int cycles() {
  const char* given = std::getenv("GANTRY_TEST_LONG");
  return given && *given ? 500 : 60;
}

TEST(SwitchingAPlugin, DisturbsNobodyElseAndMissesNothing) {
  Server server;
  ASSERT_TRUE(server.start()) << server.output();
  Shop shop(server.port());
  const std::string admin = shop.log_in("admin@example.com"),
                    customer = shop.log_in("buyer@example.com");
  const std::string event = shop.open_event(admin, {{"Floor", 0, 1000, 1000}});
  ASSERT_FALSE(event.empty());
  const auto is_shown = [&](Shop& any) {
    return any.get("", join("/api/events/", event)).status == 200;
  };
  while (!is_shown(shop)) std::this_thread::yield();  // its read model is a moment behind

  std::atomic<bool> over{false};
  std::atomic<int> others{0}, others_failed{0}, own_200{0}, own_off{0}, own_odd{0};
  std::thread load_others[2];
  for (auto& thread : load_others) {
    thread = std::thread([&] {
      Shop mine(server.port());
      while (!over) {
        ++others;
        const bool fine = is_shown(mine) && mine.client().get("/health/live").status == 200;
        if (!fine) ++others_failed;
      }
    });
  }
  std::thread load_own([&] {
    Shop mine(server.port());
    while (!over) {
      const Answer answer = mine.get(customer, "/api/reservations");
      const bool problem = answer.header("content-type") == "application/problem+json";
      if (answer.status == 200)
        ++own_200;
      else if ((answer.status == 404 || answer.status == 503) && problem)
        ++own_off;
      else
        ++own_odd;
    }
  });
  // Writes go on all the time; those that are refused while it is off do not count.
  std::atomic<int> held{0}, odd_holds{0};
  std::atomic<int64_t> position{0};
  std::thread load_writes([&] {
    Shop mine(server.port());
    for (int i = 0; !over; ++i) {
      const Answer answer = mine.hold(customer, join("hold-", i, "-aaaaaaaaaaaa"), event,
                                      Shop::quantity_line("Floor", 1));
      if (answer.status == 201) {
        ++held;
        position = std::stoll(answer.header("gantry-position"));
      } else if (answer.status != 404 && answer.status != 503 && answer.status != 409) {
        ++odd_holds;
      }
    }
  });

  const Headers as_admin = {{"Authorization", "Bearer " + admin}};
  std::string refused;
  const auto switch_to = [&](const char* what, int tries) {
    Answer answer;
    for (int i = 0; i < tries; ++i) {
      answer =
          shop.client().request("POST", join("/admin/plugins/reservations/", what), {}, as_admin);
      if (answer.status == 200) return true;
      std::this_thread::yield();
    }
    refused = join(what, ": ", answer.status, " ", answer.body);
    return false;
  };
  for (int i = 0; i < cycles() && refused.empty(); ++i) {
    if (switch_to("disable", 1)) switch_to("enable", 2000);  // until the last call inside has left
  }
  over = true;
  for (auto& thread : load_others) thread.join();
  load_own.join();
  load_writes.join();

  EXPECT_EQ(refused, "");
  EXPECT_GT(others, 0);
  EXPECT_EQ(others_failed, 0);
  EXPECT_GT(own_200, 0);
  EXPECT_GT(own_off, 0) << "it was never seen switched off";
  EXPECT_EQ(own_odd, 0);
  EXPECT_EQ(odd_holds, 0);

  // Every reservation that was answered is in the read model, once.
  int listed = 0;
  std::string page;
  do {
    const Answer answer = shop.get(
        customer, join("/api/reservations?page_size=100", page.empty() ? "" : "&page_token=", page),
        position);
    ASSERT_EQ(answer.status, 200) << answer.body;
    const JsonBody body(answer.body);
    listed += static_cast<int>(body.count("items"));
    page = body.text("next_page_token");
  } while (!page.empty());
  EXPECT_EQ(listed, held);
}

}  // namespace
}  // namespace gantry::tests
