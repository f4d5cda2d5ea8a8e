// kill -9 between the provider's answer and the commit of what it said: the refund is sent again,
// under the same key, and money moves once.
#include <gmock/gmock.h>

#include <signal.h>

#include "gantry/text.hpp"
#include "tests/faults/campaign.hpp"
#include "tests/support/crowd.hpp"

namespace gantry::tests {
namespace {

using testing::HasSubstr;

class RefundCrash : public testing::TestWithParam<Engine> {
 protected:
  // Everybody pays and gives half back; the server is killed at one of the commits in between.
  std::pair<int, std::string> trade_and_kill(const std::string& mutation, int hit) {
    Server server(storage_.options(mutation));
    const auto given = mutation.empty() ? std::vector<std::string>{}
                                        : std::vector<std::string>{"GANTRY_MUTATE=" + mutation};
    EXPECT_TRUE(server.start()) << server.output();
    History history(server.data_dir() + "/history.jsonl");
    Crowd crowd(server.port(), history, {.customers = 8, .wishes = 4});
    server.kill();
    auto crashing = given;
    crashing.push_back(join("GANTRY_FAIL=append.before_commit:crash:", hit));
    server.set_environment(crashing);
    EXPECT_TRUE(server.start()) << server.output();
    crowd.trade(server.port(), 2, 3);  // the wish that is refunded
    EXPECT_EQ(server.wait_ended(), 128 + SIGKILL) << server.output();
    server.set_environment(given);
    EXPECT_TRUE(server.start()) << server.output();
    crowd.trade(server.port(), 2, 3);
    if (mutation.empty()) {
      EXPECT_EQ(crowd.complaint(3), "");
    }
    return storage_.verify(server, history.file());
  }
  const Storage storage_{GetParam()};
};
GANTRY_ON_BOTH_ENGINES(RefundCrash);

TEST_P(RefundCrash, MovesMoneyOnce) {
  const auto [code, words] = trade_and_kill("", 12);
  EXPECT_EQ(code, 0) << words;
}

TEST_P(RefundCrash, IsNoticedWhereEachCallHasAKeyOfItsOwn) {
  GANTRY_NEEDS_MUTATIONS();
  const auto [code, words] = trade_and_kill("refund_twice", 12);
  EXPECT_EQ(code, 1) << words;
  EXPECT_THAT(words, HasSubstr("I2 money conserved ... BROKEN"));
}

}  // namespace
}  // namespace gantry::tests
