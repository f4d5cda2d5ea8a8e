// F20: the wall clock of a server is an hour off, and jumps back while it runs. Timers fire by the
// log's clock: on PostgreSQL that is the database's, which does not notice; where the log lies in a
// file it is the server's own, so a jump moves the end of holds with it, but none is lost or early.
#include <gmock/gmock.h>

#include <signal.h>

#include "gantry/text.hpp"
#include "tests/faults/campaign.hpp"
#include "tests/support/clock_skew.hpp"
#include "tests/support/crowd.hpp"

namespace gantry::tests {
namespace {

using std::chrono::hours;
using testing::HasSubstr;

constexpr int kHoldSeconds = 3;

class Clocks : public testing::TestWithParam<Engine> {
 protected:
  // A server whose clock the test moves.
  ServerOptions options(const std::string& mutation = {}) const {
    ServerOptions options = storage_.options(mutation);
    options.environment.push_back(clock_.setting());
    return options;
  }
  // Holds one place of a new event.
  void hold(Server& server, const std::string& key) {
    Shop shop(server.port());
    const std::string customer = shop.log_in("buyer@example.com");
    event_ = shop.open_event(shop.log_in("organizer@example.com"), {{"Floor", 0, 10, 1000}},
                             join(R"({"hold_seconds":)", kHoldSeconds, "}"));
    const Answer held = shop.hold(customer, key, event_, Shop::quantity_line("Floor", 1));
    EXPECT_EQ(held.status, 201) << held.body;
    reservation_ = JsonBody(held.body).text("id");
  }
  // From the read model itself: a session may not outlive a jump of the clock.
  std::string state(Server& server) const {
    return storage_.ask_projections(
        server, join("SELECT state FROM reservations_view WHERE id = '", reservation_, "'"));
  }
  bool expires(Server& server, std::chrono::milliseconds within) const {
    return comes_true(within, [&] { return state(server) == "expired"; });
  }

  ClockSkew clock_;
  const Storage storage_{GetParam()};
  std::string event_, reservation_;
};
GANTRY_ON_BOTH_ENGINES(Clocks);

class DatabaseClock : public Clocks {};
INSTANTIATE_TEST_SUITE_P(On, DatabaseClock, testing::Values(Engine::postgresql),
                         [](const auto& one) { return name_of(one.param); });

TEST_P(DatabaseClock, DecidesWhenAHoldEndsWhateverTheServersSay) {
  ClockSkew behind(-hours(1));
  clock_.set(hours(1));
  Server ahead(options()), late(options());
  late.set_environment({behind.setting()});
  storage_.note_projected(ahead);
  ASSERT_TRUE(ahead.start()) << ahead.output();
  ASSERT_TRUE(late.start()) << late.output();
  int n = 0;
  for (Server* server : {&ahead, &late}) {
    const auto began = std::chrono::steady_clock::now();
    hold(*server, join("hold-", ++n, "-aaaaaaaaaaaa"));
    EXPECT_TRUE(
        comes_true(std::chrono::seconds(kHoldSeconds), [&] { return state(*server) == "held"; }));
    clock_.set(n == 1 ? -hours(1) : hours(2));  // jumps while the hold runs
    EXPECT_TRUE(expires(*server, std::chrono::seconds(kHoldSeconds + 7)));
    EXPECT_GE(milliseconds_since(began), 1000 * kHoldSeconds);
  }
  const auto [code, words] = storage_.verify(ahead);
  EXPECT_EQ(code, 0) << words;
}

class OwnClock : public Clocks {};
INSTANTIATE_TEST_SUITE_P(On, OwnClock, testing::Values(Engine::sqlite),
                         [](const auto& one) { return name_of(one.param); });

TEST_P(OwnClock, ThatJumpsAheadEndsHoldsAtOnceAndBackLater) {
  Server server(options());
  storage_.note_projected(server);
  ASSERT_TRUE(server.start()) << server.output();
  hold(server, "hold-1-aaaaaaaaaaaa");
  clock_.set(hours(1));
  EXPECT_TRUE(expires(server, std::chrono::seconds(7)));
  hold(server, "hold-2-aaaaaaaaaaaa");
  clock_.set({});  // an hour back: the hold's end is an hour away now
  EXPECT_FALSE(expires(server, std::chrono::seconds(kHoldSeconds + 2)));
  clock_.set(hours(2));
  EXPECT_TRUE(expires(server, std::chrono::seconds(7)));
  const auto [code, words] = storage_.verify(server);
  EXPECT_EQ(code, 0) << words;
}

TEST_P(Clocks, ThatFireTimersEarlyAreNoticed) {
  GANTRY_NEEDS_MUTATIONS();
  Server server(options("timer_early"));
  ASSERT_TRUE(server.start()) << server.output();
  hold(server, "hold-1-aaaaaaaaaaaa");
  EXPECT_TRUE(comes_true(std::chrono::seconds(10), [&] {
    return storage_.ask_events(server, "SELECT count(*) FROM es_timer WHERE status = 1") == "1";
  }));
  const auto [code, words] = storage_.verify(server);
  EXPECT_EQ(code, 1) << words;
  EXPECT_THAT(words, HasSubstr("I9 timers fire once, in time ... BROKEN"));
}

TEST_P(Clocks, ThatDoNotMarkWhatTheyFiredAreNoticed) {
  GANTRY_NEEDS_MUTATIONS();
  Server server(options("timer_twice"));
  ASSERT_TRUE(server.start()) << server.output();
  hold(server, "hold-1-aaaaaaaaaaaa");
  EXPECT_TRUE(comes_true(std::chrono::seconds(kHoldSeconds + 7), [&] {
    return storage_.ask_events(
               server, "SELECT count(*) FROM es_event WHERE type = 'gantry.timer_fired.v1'") == "1";
  }));
  const auto [code, words] = storage_.verify(server);
  EXPECT_EQ(code, 1) << words;
  EXPECT_THAT(words, HasSubstr("I9 timers fire once, in time ... BROKEN"));
}

TEST_P(Clocks, AndTimersOfAProcessThatIsKilledFireOnceAllTheSame) {
  for (const char* point : {"timer.before_claim", "timer.after_commit"}) {
    SCOPED_TRACE(point);
    Server server(options());
    server.set_environment({join("GANTRY_FAIL=", point, ":crash")});
    ASSERT_TRUE(server.start()) << server.output();
    hold(server, join(point, "-aaaaaaaaaaaa"));
    ASSERT_EQ(server.wait_ended(), 128 + SIGKILL) << server.output();
    server.set_environment({});
    ASSERT_TRUE(server.start()) << server.output();
    EXPECT_TRUE(expires(server, std::chrono::seconds(kHoldSeconds + 7)));
    const auto [code, words] = storage_.verify(server);
    EXPECT_EQ(code, 0) << words;
  }
}

}  // namespace
}  // namespace gantry::tests
