// A snapshot is only a short cut: whatever becomes of writing it, and whatever the next process
// finds of it, the seats of a long stream are sold once.
#include <gmock/gmock.h>

#include <signal.h>

#include "gantry/text.hpp"
#include "tests/faults/campaign.hpp"
#include "tests/support/crowd.hpp"

namespace gantry::tests {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int kWishes = 4;  // of each customer before the next start

class SnapshotCrash : public testing::TestWithParam<Engine> {
 protected:
  static ServerOptions often(ServerOptions options) {
    options.arguments.insert(options.arguments.end(),
                             {"--set", "plugins.events.aggregates.snapshot_every=10"});
    return options;
  }
  std::string kept() const {
    return storage_.ask_events(server_, "SELECT count(*) FROM es_snapshot");
  }
  void start(std::vector<std::string> environment = {}) {
    server_.set_environment(std::move(environment));
    ASSERT_TRUE(server_.start()) << server_.output();
  }
  // Everybody's next wishes; then, of a process that has to load what was left.
  void trade_again(Crowd& crowd, int wish) {
    crowd.trade(server_.port(), wish, wish + kWishes);
    EXPECT_EQ(crowd.complaint(wish + kWishes), "");
  }
  void expect_good_books(const History& history) {
    const auto [code, words] = storage_.verify(server_, history.file());
    EXPECT_EQ(code, 0) << words;
  }

  const Storage storage_{GetParam()};
  Server server_{often(storage_.options())};
};
GANTRY_ON_BOTH_ENGINES(SnapshotCrash);

TEST_P(SnapshotCrash, BeforeItIsKeptLeavesTheEventsWhichSayTheSame) {
  start();
  History history(server_.data_dir() + "/history.jsonl");
  Crowd crowd(server_.port(), history, {.customers = 8, .wishes = 2 * kWishes});
  server_.kill();
  start({"GANTRY_FAIL=snapshot.before_keep:crash"});
  ASSERT_EQ(kept(), "0");
  crowd.trade(server_.port(), 0, kWishes);
  ASSERT_EQ(server_.wait_ended(), 128 + SIGKILL) << server_.output();
  EXPECT_EQ(kept(), "0");
  start();
  trade_again(crowd, 0);
  EXPECT_NE(kept(), "0");
  server_.kill();
  start();  // and finds one
  trade_again(crowd, kWishes);
  expect_good_books(history);
}

TEST_P(SnapshotCrash, OrAFailureToKeepItIsSaidAndHurtsNobody) {
  start();
  History history(server_.data_dir() + "/history.jsonl");
  Crowd crowd(server_.port(), history, {.customers = 8, .wishes = 2 * kWishes});
  server_.kill();
  start({"GANTRY_FAIL=snapshot.before_keep:error"});
  trade_again(crowd, 0);
  EXPECT_THAT(server_.output(), HasSubstr("aggregate.snapshot_not_kept"));
  EXPECT_NE(kept(), "0") << "the one after it";
  server_.kill();
  start();
  trade_again(crowd, kWishes);
  EXPECT_THAT(server_.output(), Not(HasSubstr("aggregate.snapshot_not_used")));
  expect_good_books(history);
}

}  // namespace
}  // namespace gantry::tests
