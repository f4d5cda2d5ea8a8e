// F5: the owner of the leases stands still for three times as long as they last, in the middle of a
// checkpoint transaction, and then goes on as if nothing had happened. Another server has taken
// over meanwhile; nothing is written twice, and timers fire once. Whoever stands still in the
// middle of an append loses its transaction, and the others go on.
#include <gmock/gmock.h>

#include <signal.h>

#include "gantry/text.hpp"
#include "tests/faults/campaign.hpp"
#include "tests/support/crowd.hpp"

namespace gantry::tests {
namespace {

using testing::HasSubstr;

constexpr int kLeaseMs = 1000;
// Where the owner stands still: its transaction is open, and nothing is locked yet.
constexpr const char* kStandstill = "GANTRY_FAIL=checkpoint.before_apply:delay:400";

class OwnerStop : public testing::Test {
 protected:
  ServerOptions options(const std::string& mutation = {}) const {
    ServerOptions options = storage_.options(mutation);
    for (const std::string& setting :
         {join("consume.lease_ms=", kLeaseMs), std::string("consume.standby_poll_ms=50"),
          std::string("http.handler_timeout_ms=4000"),
          // The database must not end the transaction that is to go on after all.
          std::string("storage.postgresql.idle_in_transaction_timeout_ms=60000")})
      options.arguments.insert(options.arguments.end(), {"--set", setting});
    return options;
  }

  // Stops `owner` while others buy at `other`, until that one has all leases and its read models
  // have caught up; then lets it go on, and waits until it has said what it makes of that.
  void stand_still(Server& owner, Server& other, Crowd& crowd, int first, int last) {
    crowd.trade(owner.port(), first, first + 1);
    ASSERT_TRUE(stop_in_checkpoint(owner, crowd)) << owner.output();
    const auto stopped = std::chrono::steady_clock::now();
    crowd.trade(other.port(), first + 1, last);
    EXPECT_TRUE(comes_true(std::chrono::seconds(30), [&] {
      return milliseconds_since(stopped) > 3 * kLeaseMs && shows(other, crowd);
    })) << other.output();
    owner.signal(SIGCONT);
    EXPECT_TRUE(comes_true(std::chrono::seconds(30), [&] { return shows(owner, crowd); }))
        << owner.output();
    crowd.trade(other.port(), first, last);
  }

  // All leases go to `owner` again: for a moment nobody else is there.
  static void give_back(Server& owner, Server& other) {
    owner.kill();
    ASSERT_TRUE(owner.start()) << owner.output();
    EXPECT_EQ(other.stop(), 0) << other.output();
    ASSERT_TRUE(other.start()) << other.output();
  }

  // SIGSTOP while the transaction of a projection is open, one whose rows could be written again:
  // those of a hold could not. A stop that came too late is taken back.
  bool stop_in_checkpoint(Server& owner, const Crowd& crowd) {
    Shop shop(owner.port());
    for (int attempt = 0; attempt < 20; ++attempt) {
      if (!falls_silent(owner)) return false;
      for (const char* order : {"/sales/close", "/sales/open"}) {
        const Answer answer =
            shop.client().post(join("/api/events/", crowd.event(), order), {},
                               {{"Authorization", join("Bearer ", crowd.organizer())}});
        EXPECT_EQ(answer.status, 200) << answer.body;
      }
      if (!comes_true(std::chrono::seconds(2), [&] { return is_in_checkpoint(owner); })) continue;
      owner.signal(SIGSTOP);
      if (is_in_checkpoint(owner)) return true;
      owner.signal(SIGCONT);
    }
    return false;
  }

  // Nothing is left to project: no transaction was seen for longer than lies between two batches.
  bool falls_silent(const Server& owner) const {
    auto busy = std::chrono::steady_clock::now();
    return comes_true(std::chrono::seconds(30), [&] {
      if (is_in_checkpoint(owner)) busy = std::chrono::steady_clock::now();
      return milliseconds_since(busy) > 300;
    });
  }

  // Nobody else's transaction is open for so long.
  bool is_in_checkpoint(const Server& owner) const {
    return storage_.ask_projections(
               owner,
               "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
               " AND state = 'idle in transaction'"
               " AND state_change < clock_timestamp() - interval '100 ms'"
               " AND pid NOT IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = "
               "0)") != "0";
  }

  static bool shows(Server& server, const Crowd& crowd) {
    Shop shop(server.port());
    return shop.get("", join("/api/events/", crowd.event(), "/availability"), crowd.position())
               .status == 200;
  }

  const Storage storage_{Engine::postgresql};
};

TEST_F(OwnerStop, ForThreeLeasesWritesNothingUnderTheOldOnes) {
  Server owner(options()), other(options());
  storage_.note_projected(owner);
  owner.set_environment({kStandstill});
  ASSERT_TRUE(owner.start()) << owner.output();
  History history(owner.data_dir() + "/history.jsonl");
  const int rounds = is_long() ? 10 : 1;
  Crowd crowd(owner.port(), history, {.customers = 8, .wishes = 4 * rounds, .hold_seconds = 20});
  ASSERT_TRUE(other.start()) << other.output();
  for (int round = 0; round < rounds; ++round) {
    stand_still(owner, other, crowd, 4 * round, 4 * round + 4);
    ASSERT_NO_FATAL_FAILURE(give_back(owner, other));
  }
  const auto [code, words] = storage_.verify(other, history.file());
  EXPECT_EQ(code, 0) << words;
}

TEST_F(OwnerStop, IsNoticedWhereCheckpointsAreNotFenced) {
  GANTRY_NEEDS_MUTATIONS();
  Server owner(options("no_fence")), other(options("no_fence"));
  storage_.note_projected(owner);
  owner.set_environment({"GANTRY_MUTATE=no_fence", kStandstill});
  ASSERT_TRUE(owner.start()) << owner.output();
  History history(owner.data_dir() + "/history.jsonl");
  Crowd crowd(owner.port(), history, {.customers = 8, .wishes = 4, .hold_seconds = 20});
  ASSERT_TRUE(other.start()) << other.output();
  stand_still(owner, other, crowd, 0, 4);
  const auto [code, words] = storage_.verify(other);
  EXPECT_EQ(code, 1) << words;
  EXPECT_THAT(words, HasSubstr("I7 each event projected once ... BROKEN"));
}

// A stop between the two rounds of an append: the log's lock is taken, and everybody wants it.
TEST_F(OwnerStop, WithTheLogsLockHoldsUpTheOthersForItsTimeoutOnly) {
  Server stuck(options()), other(options());
  ASSERT_TRUE(other.start()) << other.output();
  History history(other.data_dir() + "/history.jsonl");
  Crowd crowd(other.port(), history, {.customers = 2, .wishes = 2});
  stuck.set_environment({"GANTRY_FAIL=append.before_insert:hang"});
  ASSERT_TRUE(stuck.start()) << stuck.output();
  const auto hold = [&](const Server& server, const char* key) {
    Shop shop(server.port());
    return shop.hold(crowd.tokens().front(), key, crowd.event(), Shop::quantity_line("Floor", 1));
  };
  Answer late;
  std::thread asking([&] { late = hold(stuck, "of-the-one-that-stands-still"); });
  EXPECT_TRUE(comes_true(std::chrono::seconds(20), [&] {
    return storage_.ask_events(
               stuck,
               "SELECT count(*) FROM pg_stat_activity JOIN pg_locks USING (pid)"
               " WHERE datname = current_database() AND locktype = 'advisory' AND objid = 0"
               " AND state = 'idle in transaction'") == "1";
  }));
  const Answer held = hold(other, "of-the-one-that-goes-on");
  EXPECT_EQ(held.status, 201) << held.body;
  asking.join();
  EXPECT_EQ(late.status, 504) << late.body;
  const auto [code, words] = storage_.verify(other);
  EXPECT_EQ(code, 0) << words;
}

}  // namespace
}  // namespace gantry::tests
