// gantry log verify on what a real server has left behind, and fail points in that server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "gantry/text.hpp"
#include "tests/support/history.hpp"
#include "tests/support/server.hpp"
#include "tests/support/shop.hpp"

namespace gantry::tests {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string default_config() { return Server::source_dir() + "/config/gantry.yaml"; }

// A customer who is known by id as well, because the history names commands by it.
struct Customer {
  std::string token, id;
};
Customer log_in(Shop& shop, const std::string& email) {
  const std::string token = shop.log_in(email);
  return {token, JsonBody(shop.get(token, "/auth/session").body).text("user.id")};
}

std::pair<int, std::string> verify(const Server& server, std::vector<std::string> more = {}) {
  std::vector<std::string> words{
      "log", "verify", "--config", default_config(), "--data-dir", server.data_dir() + "/var"};
  words.insert(words.end(), more.begin(), more.end());
  return Server::run(words);
}

// Two purchases of seats, one of places that is given back, a hold that goes on.
void trade(Server& server, History& history) {
  Shop shop(server.port());
  const std::string organizer = shop.log_in("organizer@example.com");
  const std::string event =
      shop.open_event(organizer, {{"Stalls", 2, 5, 2500}, {"Floor", 0, 10, 1999}},
                      R"({"refund_rules":[{"min_days_before":0,"percent":100}]})");
  const Customer buyer = log_in(shop, "buyer@example.com");
  const auto hold = [&](const std::string& key, const std::string& line) {
    const Answer held = shop.hold(buyer.token, key, event, line);
    EXPECT_EQ(held.status, 201) << held.body;
    history.note({buyer.id, "/api/reservations", key}, held, "reservation");
    return JsonBody(held.body).text("id");
  };
  const auto pay = [&](const std::string& key, const std::string& reservation) {
    const Answer paid = shop.pay(buyer.token, key, reservation);
    EXPECT_EQ(paid.status, 201) << paid.body;
    history.note({buyer.id, "/api/payments", key}, paid, "payment");
    return JsonBody(paid.body).text("id");
  };
  pay("pay-1-aaaaaaaaaaaaaa", hold("hold-1-aaaaaaaaaaaaaa", Shop::seat_line("Stalls", "R1-1")));
  pay("pay-2-aaaaaaaaaaaaaa", hold("hold-2-aaaaaaaaaaaaaa", Shop::seat_line("Stalls", "R1-2")));
  const std::string payment =
      pay("pay-3-aaaaaaaaaaaaaa", hold("hold-3-aaaaaaaaaaaaaa", Shop::quantity_line("Floor", 3)));
  shop.refund(buyer.token, "refund-aaaaaaaaaaaaaaa", payment);
  hold("hold-4-aaaaaaaaaaaaaa", Shop::seat_line("Stalls", "R2-1"));
}

TEST(VerifyLog, FindsNothingWrongWhileTheServerRunsNorAfterItWasKilled) {
  Server server;
  ASSERT_TRUE(server.start()) << server.output();
  History history(server.data_dir() + "/history.jsonl");
  trade(server, history);
  for (const bool running : {true, false}) {
    if (!running) server.kill();
    const auto [code, output] = verify(server, {"--history", history.file()});
    EXPECT_EQ(code, 0) << output;
    for (const char* line :
         {"I1 no seat sold twice ... ok", "I2 money conserved ... ok", "I3 log dense ... ok",
          "I4 acknowledged exactly once ... ok (7 ", "I6 read models follow the log ... ok",
          "I7 each event projected once ... ok", "I9 timers"}) {
      EXPECT_THAT(output, HasSubstr(line));
    }
  }
}

TEST(VerifyLog, KnowsTheCommandsOfAHistoryByTheirKeys) {
  Server server;
  ASSERT_TRUE(server.start()) << server.output();
  History history(server.data_dir() + "/history.jsonl");
  trade(server, history);
  history.note({"somebody else", "/api/reservations", "hold-1-aaaaaaaaaaaaaa"},
               {.status = 201, .headers = {{"gantry-position", "5"}}, .body = {}}, "");
  const auto [code, output] = verify(server, {"--history", history.file()});
  EXPECT_EQ(code, 1) << output;
  EXPECT_THAT(output, AllOf(HasSubstr("I4 acknowledged exactly once ... BROKEN (1 violation"),
                            HasSubstr("line 8: was acknowledged, but command")));
}

TEST(VerifyLog, SaysWhatIsBrokenAsJsonToo) {
  Server server;
  ASSERT_TRUE(server.start()) << server.output();
  History history(server.data_dir() + "/history.jsonl");
  trade(server, history);
  ASSERT_EQ(server.stop(), 0);
  const std::string lines = server.data_dir() + "/positions";
  std::ofstream(lines) << "1\n3\n";
  const auto [code, output] = verify(server, {"--subscriber", lines, "--json"});
  EXPECT_EQ(code, 1) << output;
  const JsonBody report(output);
  ASSERT_TRUE(report.ok()) << output;
  EXPECT_EQ(report.count("invariants"), 8u);
  EXPECT_EQ(report.text("invariants.2.state"), "ok");
  EXPECT_EQ(report.text("invariants.3.state"), "not_checked");
  EXPECT_EQ(report.text("invariants.4.id"), "I5");
  EXPECT_EQ(report.text("invariants.4.state"), "broken");
  EXPECT_EQ(report.integer("invariants.4.first.0.position"), 3);
}

TEST(VerifyLog, CannotReadWhatIsNotThere) {
  const TemporaryDirectory directory;
  const auto [code, output] =
      Server::run({"log", "verify", "--config", default_config(), "--data-dir", directory.path()});
  EXPECT_EQ(code, 2);
  EXPECT_THAT(output, AllOf(HasSubstr("storage.events: there is no " + directory.path() +
                                      "/events.db; --data-dir names the server's data directory")));
  const std::string empty = directory.write("empty.db", "");
  EXPECT_THAT(Server::run({"log", "verify", "--events", "sqlite:" + empty}).second,
              HasSubstr("there is no event log in " + empty));
  const std::string absent = directory.path() + "/absent.db";
  EXPECT_THAT(Server::run({"log", "verify", "--events", "sqlite:" + empty, "--projections",
                           "sqlite:" + absent})
                  .second,
              HasSubstr("the read models: cannot open " + absent));
  EXPECT_EQ(Server::run({"log", "verify", "--events", "mysql:events"}).first, 2);
  EXPECT_EQ(Server::run({"log", "verify", "--evens", "x"}).first, 2);
}

TEST(VerifyLog, TakesUrlsAsTheServerDoes) {
  const auto refused = [](const std::string& url) {
    const auto [code, output] = Server::run({"log", "verify", "--events", url});
    EXPECT_EQ(code, 2);
    return output;
  };
  EXPECT_THAT(refused("postgresql://u@127.0.0.1/x?sslmode=disable"),
              HasSubstr("--events: sslmode=disable does not prove who answers"));
  EXPECT_THAT(refused("postgresql://u:ge@heim@127.0.0.1/x"),
              AllOf(HasSubstr("--events: user name and password must be percent-encoded"),
                    testing::Not(HasSubstr("heim"))));
}

TEST(FailPoints, AreRefusedAtTheStartWhenThereIsNoneOfThatName) {
  const TemporaryDirectory directory;
  const auto [code, output] =
      Server::run({"serve", "--config", default_config(), "--data-dir", directory.path()},
                  {"GANTRY_FAIL=append.never:crash"});
  EXPECT_EQ(code, 2) << output;
  EXPECT_THAT(output, AllOf(HasSubstr("there is no fail point 'append.never'"),
                            HasSubstr("checkpoint.after_commit")));
}

}  // namespace
}  // namespace gantry::tests
