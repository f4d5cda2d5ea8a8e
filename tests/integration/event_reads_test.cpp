// What the routes that ask from the event loop show, on both engines, and while their plugin is
// switched off and the database restarts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "gantry/text.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/server.hpp"
#include "tests/support/shop.hpp"

namespace gantry::tests {
namespace {

using testing::HasSubstr;
using testing::Not;

class EventReads : public testing::TestWithParam<std::string> {
 protected:
  EventReads() {
    if (GetParam() == "postgresql")
      options_.arguments = {"--set", "storage.projections=" + postgres().fresh_database()};
  }
  ServerOptions options_;
};
INSTANTIATE_TEST_SUITE_P(On, EventReads, testing::Values("sqlite", "postgresql"),
                         [](const auto& one) { return one.param; });

TEST_P(EventReads, ShowWhatWasCommittedUpToThePositionAskedFor) {
  Server server(options_);
  ASSERT_TRUE(server.start()) << server.output();
  Shop shop(server.port());
  const std::string organizer = shop.log_in("organizer@example.com"),
                    customer = shop.log_in("buyer@example.com");
  const std::string event = shop.open_event(organizer, {{"Arena", 2, 3, 1999}, {"Floor", 0, 50}});
  const Answer held =
      shop.hold(customer, "hold-1-aaaaaaaaaaaa", event, Shop::seat_line("Arena", "R1-2"));
  ASSERT_EQ(held.status, 201) << held.body;
  const int64_t position = std::stoll(held.header("gantry-position"));
  const std::string path = "/api/events/" + event;

  const Answer shown = shop.get("", path, position);
  EXPECT_EQ(shown.status, 200) << shown.body;
  EXPECT_EQ(shown.header("etag"), "\"3\"");
  EXPECT_EQ(JsonBody(shown.body).text("state"), "sales_open");
  const Answer same = shop.client().get(path, {{"If-None-Match", "\"3\""}});
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.body, "");

  const Answer seats = shop.get("", path + "/availability?view=seats", position);
  const JsonBody all(seats.body);
  EXPECT_EQ(all.integer("position"), position);
  EXPECT_EQ(all.integer("total_available"), 55);
  EXPECT_EQ(all.text("sections.0.section"), "Arena");
  EXPECT_EQ(all.integer("sections.0.held"), 1);
  EXPECT_THAT(seats.body, HasSubstr(R"({"seat":"R1-1","state":"available"},)"
                                    R"({"seat":"R1-2","state":"held"},)"
                                    R"({"seat":"R1-3","state":"available"})"));
  EXPECT_EQ(all.text("sections.1.section"), "Floor");
  EXPECT_EQ(all.count("sections"), 2u);
  const Answer counts = shop.get("", path + "/availability", position);
  EXPECT_EQ(JsonBody(counts.body).integer("sections.0.available"), 5);
  EXPECT_THAT(counts.body, Not(HasSubstr("seats")));
  EXPECT_EQ(counts.header("etag").substr(0, 3), "W/\"");
  const Answer section = shop.get("", path + "/sections/Arena/availability", position);
  EXPECT_EQ(JsonBody(section.body).integer("held"), 1);
  const Answer total = shop.get("", path + "/total-available", position);
  EXPECT_EQ(JsonBody(total.body).integer("total_available"), 55);
}

TEST_P(EventReads, HideWhatIsNotThereAndWhatIsNotTheirs) {
  Server server(options_);
  ASSERT_TRUE(server.start()) << server.output();
  Shop shop(server.port());
  const std::string organizer = shop.log_in("organizer@example.com"),
                    other = shop.log_in("buyer@example.com"),
                    admin = shop.log_in("admin@example.com");
  const std::string event = shop.open_event(organizer, {{"Hall", 1, 2, 1999}});
  const Answer made = shop.client().post(
      "/api/events",
      R"({"title":"Draft","starts_at":"2031-01-01T00:00:00Z","ends_at":"2031-01-01T02:00:00Z",)"
      R"("timezone":"Europe/Berlin","currency":"EUR","venue":{"name":"Hall","address":"Street"},)"
      R"("sections":[{"name":"Floor","kind":"general_admission","capacity":5}],)"
      R"("price_tiers":[{"name":"Full","section":"Floor","price":{"amount":100,"currency":"EUR"}}]})",
      {{"Authorization", "Bearer " + organizer}});
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string draft = "/api/events/" + JsonBody(made.body).text("id");
  const int64_t position = std::stoll(made.header("gantry-position"));
  EXPECT_EQ(shop.get("", draft, position).status, 404);
  EXPECT_EQ(JsonBody(shop.get(other, draft, position).body).text("code"), "EVENT_NOT_FOUND");
  EXPECT_EQ(shop.get(organizer, draft, position).status, 200);
  EXPECT_EQ(shop.get(admin, draft, position).status, 200);

  const std::string nowhere = "/api/events/018f2f6e-7b4a-7cc1-a2b9-000000000000";
  for (const char* tail : {"", "/availability", "/total-available", "/sections/Hall/availability"})
    EXPECT_EQ(JsonBody(shop.get("", nowhere + tail).body).text("code"), "EVENT_NOT_FOUND") << tail;
  const std::string path = "/api/events/" + event;
  EXPECT_EQ(JsonBody(shop.get("", path + "/sections/Attic/availability").body).text("code"),
            "SECTION_NOT_FOUND");
  EXPECT_EQ(shop.get("", path + "/availability?view=none").status, 422);
}

TEST_P(EventReads, AreAnsweredWhileTheirPluginIsSwitchedOff) {
  Server server(options_);
  ASSERT_TRUE(server.start()) << server.output();
  Shop shop(server.port());
  const std::string admin = shop.log_in("admin@example.com");
  const std::string path = "/api/events/" + shop.open_event(admin, {{"Hall", 1, 2, 1999}});
  while (shop.get("", path).status != 200) std::this_thread::yield();

  std::atomic<bool> over{false};
  std::atomic<int> shown{0}, off{0}, odd{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&] {
      Shop mine(server.port());
      while (!over) {
        const Answer answer = mine.get("", path);
        const bool is_off = answer.status == 404 || answer.status == 503;
        ++(answer.status == 200 ? shown : is_off ? off : odd);
      }
    });
  }
  std::string refused;
  const auto switch_to = [&](const std::string& id, const std::string& what) {
    const Answer answer = shop.client().request("POST", join("/admin/plugins/", id, "/", what), {},
                                                {{"Authorization", "Bearer " + admin}});
    if (answer.status != 200 && refused.empty()) refused = join(what, ": ", answer.body);
  };
  switch_to("reservations", "disable");  // it cannot do without
  for (int i = 0; i < 10; ++i) {
    switch_to("events", "disable");
    switch_to("events", "enable");
  }
  over = true;
  for (auto& client : clients) client.join();
  EXPECT_EQ(refused, "");
  EXPECT_GT(shown, 0);
  EXPECT_EQ(odd, 0);
  EXPECT_EQ(shop.get("", path).status, 200);
  EXPECT_EQ(server.stop(), 0);
  EXPECT_THAT(server.output(), Not(HasSubstr("plugin.stuck")));
}

TEST(EventReadsOnPostgresql, GoOnAfterARestartOfTheDatabase) {
  ServerOptions options;
  options.arguments = {"--set", "storage.projections=" + postgres().fresh_database()};
  Server server(options);
  ASSERT_TRUE(server.start()) << server.output();
  Shop shop(server.port());
  const std::string path =
      "/api/events/" + shop.open_event(shop.log_in("admin@example.com"), {{"Hall", 1, 2, 1999}});
  while (shop.get("", path).status != 200) std::this_thread::yield();
  for (int i = 0; i < 3; ++i) {
    postgres().restart_immediate();
    const Answer answer = shop.get("", path);
    EXPECT_EQ(answer.status, 200) << answer.body;
  }
  EXPECT_EQ(server.stop(), 0);
}

}  // namespace
}  // namespace gantry::tests
