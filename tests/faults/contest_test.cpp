// F22 and F23: a payment and the end of its hold in the same moment, and many customers for the
// last seats. Whoever wins, no seat is sold twice and no money is kept for nothing.
#include <gmock/gmock.h>

#include <atomic>

#include "gantry/text.hpp"
#include "tests/faults/campaign.hpp"
#include "tests/support/clock_skew.hpp"
#include "tests/support/crowd.hpp"

namespace gantry::tests {
namespace {

using testing::HasSubstr;

constexpr int kClients = 200;
constexpr int kLastSeats = 10;

class Contest : public testing::TestWithParam<Engine> {};
GANTRY_ON_BOTH_ENGINES(Contest);

// `kClients`, spread over the servers, want one of ten seats each, and try all of them until they
// have one. How many are sold in the end; `told_so`: how many were told that they have paid.
int64_t seats_sold(const std::vector<Server*>& servers, std::atomic<int>* told_so = nullptr) {
  Shop shop(servers.front()->port());
  const std::string organizer = shop.log_in("organizer@example.com");
  const std::string event = shop.open_event(organizer, {{"Stalls", 1, kLastSeats, 2500}});
  std::vector<std::string> tokens;
  for (int i = 0; i < kClients; ++i)
    tokens.push_back(shop.log_in(join("buyer", i, "@example.com")));
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&, i] {
      Shop mine(servers[static_cast<size_t>(i) % servers.size()]->port());
      for (int seat = 0; seat < kLastSeats; ++seat) {
        const std::string key = join(i, "-", seat, "-aaaaaaaaaaaaaaaa");
        const std::string wanted = join("R1-", (i + seat) % kLastSeats + 1);
        const Answer held =
            mine.hold(tokens[i], "hold-" + key, event, Shop::seat_line("Stalls", wanted));
        if (held.status != 201) continue;
        const Answer paid = mine.pay(tokens[i], "pay-" + key, JsonBody(held.body).text("id"));
        if (told_so != nullptr) *told_so += paid.status == 201;
        return;
      }
    });
  }
  for (auto& client : clients) client.join();
  int64_t sold = 0;
  comes_true(std::chrono::seconds(5), [&] {
    sold = JsonBody(shop.get("", join("/api/events/", event, "/availability")).body)
               .integer("sections.0.sold");
    return sold >= kLastSeats;
  });
  return sold;
}

TEST_P(Contest, OfTwoHundredForTenSeatsSellsExactlyTen) {
  for (int round = 0; round < (is_long() ? 20 : 1); ++round) {
    const Storage storage(GetParam());
    Server server(storage.options());
    ASSERT_TRUE(server.start()) << server.output();
    EXPECT_EQ(seats_sold({&server}), kLastSeats);
    const auto [code, words] = storage.verify(server);
    EXPECT_EQ(code, 0) << words;
  }
}

TEST(ContestOfTwoServers, ForTenSeatsSellsExactlyTen) {
  const Storage storage(Engine::postgresql);
  Server one(storage.options()), other(storage.options());
  ASSERT_TRUE(one.start() && other.start()) << one.output() << other.output();
  std::atomic<int> told_so{0};
  EXPECT_EQ(seats_sold({&one, &other}, &told_so), kLastSeats);
  // Payments are settled on one of them; whoever paid at the other one hears of it too.
  EXPECT_EQ(told_so, kLastSeats);
  const auto [code, words] = storage.verify(one);
  EXPECT_EQ(code, 0) << words;
}

TEST(ContestOfTwoServers, IsNoticedToSellTwiceWhereVersionsAreNotCompared) {
  GANTRY_NEEDS_MUTATIONS();
  const Storage storage(Engine::postgresql);
  const std::string mutation = "no_expected_version";
  Server one(storage.options(mutation)), other(storage.options(mutation));
  ASSERT_TRUE(one.start() && other.start()) << one.output() << other.output();
  seats_sold({&one, &other});
  const auto [code, words] = storage.verify(one);
  EXPECT_EQ(code, 1) << words;
  EXPECT_THAT(words, HasSubstr("I1 no seat sold twice ... BROKEN"));
}

// Pays for everything that the crowd holds in the very moment in which all holds end: by the log's
// clock, which is the server's own where the log lies in a file, so the test can make it jump.
TEST(PaymentAndExpiry, InTheSameMillisecondLeaveEitherASaleOrNothing) {
  constexpr int kPayers = 16, kHolds = 25;  // of each payer
  const Storage storage(Engine::sqlite);
  ClockSkew clock;
  ServerOptions options = storage.options();
  options.environment = {clock.setting()};
  Server server(options);
  storage.note_projected(server);
  ASSERT_TRUE(server.start()) << server.output();
  Shop shop(server.port());
  const std::string organizer = shop.log_in("organizer@example.com");
  std::vector<std::string> tokens;
  for (int i = 0; i < kPayers; ++i) tokens.push_back(shop.log_in(join("buyer", i, "@example.com")));
  int64_t paid = 0, late = 0;
  for (int round = 0; round < (is_long() ? 25 : 1); ++round) {
    const std::string event = shop.open_event(organizer, {{"Floor", 0, kPayers * kHolds, 1000}},
                                              R"({"hold_seconds":600})");
    std::atomic<int> holding{0}, paying{0};
    std::atomic<int64_t> sold{0}, refused{0};
    std::vector<std::thread> payers;
    for (int i = 0; i < kPayers; ++i) {
      payers.emplace_back([&, i] {
        Shop mine(server.port());
        std::vector<std::string> reservations;
        for (int n = 0; n < kHolds; ++n) {
          const Answer held = mine.hold(tokens[i], join("hold-", round, "-", n, "-aaaaaaaaaaaa"),
                                        event, Shop::quantity_line("Floor", 1));
          EXPECT_EQ(held.status, 201) << held.body;
          reservations.push_back(JsonBody(held.body).text("id"));
        }
        ++holding;
        while (holding < kPayers) std::this_thread::yield();
        for (int n = 0; n < kHolds; ++n) {
          ++paying;
          const Answer answer =
              mine.pay(tokens[i], join("pay-", round, "-", n, "-aaaaaaaaaaaaa"), reservations[n]);
          ++(answer.status == 201 ? sold : refused);
          EXPECT_TRUE(answer.status == 201 || answer.status == 402 || answer.status == 409 ||
                      answer.status == 410)
              << answer.status << answer.body;
        }
      });
    }
    while (paying < kPayers * kHolds / 4) std::this_thread::yield();
    clock.add(std::chrono::seconds(600));  // now all are due
    for (auto& payer : payers) payer.join();
    paid += sold;
    late += refused;
  }
  std::printf("paid in time: %ld, too late: %ld\n", static_cast<long>(paid),
              static_cast<long>(late));
  EXPECT_GT(paid, 0);
  EXPECT_GT(late, 0);
  // The server looks at its clock once a second, and does not see it jump. (Holds that a payment
  // has made longer may end later yet.)
  const std::string overdue =
      join("SELECT count(*) FROM es_timer WHERE status = 0 AND due_at < ", clock.at().count(),
           " + 1000000 * CAST(strftime('%s', 'now') AS INTEGER)");
  EXPECT_TRUE(comes_true(std::chrono::seconds(10),
                         [&] { return storage.ask_events(server, overdue) == "0"; }));
  const auto [code, words] = storage.verify(server);
  EXPECT_EQ(code, 0) << words;
}

// On PostgreSQL the database's clock counts, which nobody can make jump: each hold is paid for
// within a few milliseconds of its own end.
TEST(PaymentAndExpiry, WithinMillisecondsByTheDatabasesClockLeaveEitherASaleOrNothing) {
  constexpr int kPayers = 16;
  const int holds = is_long() ? 60 : 4;  // of each payer, one after the other
  const Storage storage(Engine::postgresql);
  Server server(storage.options());
  storage.note_projected(server);
  ASSERT_TRUE(server.start()) << server.output();
  Shop shop(server.port());
  const std::string organizer = shop.log_in("organizer@example.com");
  const std::string event =
      shop.open_event(organizer, {{"Floor", 0, static_cast<uint32_t>(kPayers * holds), 1000}},
                      R"({"hold_seconds":1})");
  std::atomic<int> sold{0}, refused{0};
  std::vector<std::thread> payers;
  for (int i = 0; i < kPayers; ++i) {
    payers.emplace_back([&, i, token = shop.log_in(join("buyer", i, "@example.com"))] {
      Shop mine(server.port());
      for (int n = 0; n < holds; ++n) {
        const std::string key = join(i, "-", n, "-aaaaaaaaaaaaaaaa");
        std::chrono::steady_clock::time_point answered;
        Answer held;
        const bool granted = comes_true(std::chrono::seconds(10), [&] {
          held = mine.hold(token, "hold-" + key, event, Shop::quantity_line("Floor", 1));
          answered = std::chrono::steady_clock::now();
          return held.status != 409 || JsonBody(held.body).text("code") != "VERSION_CONFLICT";
        });  // docs/reference/errors.md: "send the request again"
        ASSERT_TRUE(granted && held.status == 201) << held.body;
        // From a little before the end until just after it.
        std::this_thread::sleep_until(answered + std::chrono::seconds(1) -
                                      std::chrono::milliseconds(20) * ((i + n) % 5));
        const Answer paid = mine.pay(token, "pay-" + key, JsonBody(held.body).text("id"));
        ++(paid.status == 201 ? sold : refused);
        EXPECT_TRUE(paid.status == 201 || paid.status == 402 || paid.status == 409 ||
                    paid.status == 410)
            << paid.status << paid.body;
      }
    });
  }
  for (auto& payer : payers) payer.join();
  std::printf("paid in time: %d, too late: %d\n", sold.load(), refused.load());
  EXPECT_GT(sold, 0);
  EXPECT_GT(refused, 0);
  EXPECT_TRUE(comes_true(std::chrono::seconds(10), [&] {
    return storage.ask_events(server, "SELECT count(*) FROM es_timer WHERE status = 0") == "0";
  }));
  const auto [code, words] = storage.verify(server);
  EXPECT_EQ(code, 0) << words;
}

}  // namespace
}  // namespace gantry::tests
