// F4: kill -9 in the checkpoint transaction of a projection. Its rows and its checkpoint are there
// together or not at all, and each event has taken effect once.
#include <gmock/gmock.h>

#include <signal.h>

#include "gantry/text.hpp"
#include "tests/faults/campaign.hpp"
#include "tests/support/crowd.hpp"

namespace gantry::tests {
namespace {

using testing::HasSubstr;

constexpr int kKilled = 128 + SIGKILL;
constexpr const char* kPoints[] = {"checkpoint.before_apply", "checkpoint.mid_batch",
                                   "checkpoint.before_commit", "checkpoint.after_commit"};

class CheckpointCrash : public testing::TestWithParam<Engine> {
 protected:
  const Storage storage_{GetParam()};
};
GANTRY_ON_BOTH_ENGINES(CheckpointCrash);

TEST_P(CheckpointCrash, LeavesRowsAndCheckpointTogether) {
  Server server(storage_.options());
  storage_.note_projected(server);
  ASSERT_TRUE(server.start()) << server.output();
  History history(server.data_dir() + "/history.jsonl");
  const int rounds = is_long() ? 20 : 1;
  Crowd crowd(server.port(), history, {.customers = 8, .wishes = 4 * 4 * rounds});
  ASSERT_FALSE(crowd.event().empty());
  int wish = 0;
  for (int round = 0; round < rounds; ++round) {
    for (const char* point : kPoints) {
      SCOPED_TRACE(join(point, " in round ", round));
      server.kill();
      server.set_environment({join("GANTRY_FAIL=", point, ":crash:", 4 + 3 * round)});
      ASSERT_TRUE(server.start()) << server.output();
      crowd.trade(server.port(), wish, wish + 4);
      ASSERT_EQ(server.wait_ended(), kKilled) << server.output();
      const auto [torn, what] = storage_.verify(server, history.file());
      EXPECT_EQ(torn, 0) << what;
      server.set_environment({});
      ASSERT_TRUE(server.start()) << server.output();
      crowd.trade(server.port(), wish, wish + 4);
      wish += 4;
      EXPECT_EQ(crowd.complaint(wish), "");
    }
  }
  const auto [code, words] = storage_.verify(server, history.file());
  EXPECT_EQ(code, 0) << words;
}

TEST_P(CheckpointCrash, IsNoticedWhereTheCheckpointIsCommittedApart) {
  GANTRY_NEEDS_MUTATIONS();
  Server server(storage_.options("checkpoint_apart"));
  storage_.note_projected(server);
  ASSERT_TRUE(server.start()) << server.output();
  History history(server.data_dir() + "/history.jsonl");
  Crowd crowd(server.port(), history, {.customers = 8, .wishes = 4});
  server.kill();
  server.set_environment(
      {"GANTRY_MUTATE=checkpoint_apart", "GANTRY_FAIL=checkpoint.before_commit:crash:4"});
  ASSERT_TRUE(server.start()) << server.output();
  crowd.trade(server.port(), 0, 4);
  ASSERT_EQ(server.wait_ended(), kKilled) << server.output();
  const auto [code, words] = storage_.verify(server);
  EXPECT_EQ(code, 1) << words;
  EXPECT_THAT(words, HasSubstr("I7 each event projected once ... BROKEN"));
}

}  // namespace
}  // namespace gantry::tests
