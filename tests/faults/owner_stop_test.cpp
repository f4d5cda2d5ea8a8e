// F5: the owner of the leases stands still for three times as long as they last, in the middle of a
// checkpoint transaction, and then goes on as if nothing had happened. Another server has taken
// over meanwhile; nothing is written twice, and timers fire once.
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
          std::string("http.handler_timeout_ms=4000")})
      options.arguments.insert(options.arguments.end(), {"--set", setting});
    return options;
  }

  // Stops `owner` while others buy at `other`, until that one has all leases and its read models
  // have caught up; then lets it go on, and waits until it has said what it makes of that.
  void stand_still(Server& owner, Server& other, Crowd& crowd, int first, int last) {
    std::thread before([&] { crowd.trade(owner.port(), first, first + 1); });
    before.join();
    owner.signal(SIGSTOP);
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
    owner.kill();  // so that it owns nothing by luck
    ASSERT_TRUE(owner.start()) << owner.output();
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

}  // namespace
}  // namespace gantry::tests
