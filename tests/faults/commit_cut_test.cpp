// F2: the connection to PostgreSQL is cut while COMMIT is under way. Whether the commit took place
// or not, the caller is told the truth, or told that nobody knows; then the same command sent again
// is answered with the old positions.
#include <gmock/gmock.h>

#include "gantry/text.hpp"
#include "tests/faults/campaign.hpp"
#include "tests/faults/log_work.hpp"
#include "tests/support/crowd.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/tcp_proxy.hpp"

namespace gantry::tests {
namespace {

constexpr int64_t kUnits = 256;

// Of the connection that appends: only that one notifies.
const TcpProxy::Cut kReplyToCommit{"notify", "COMMIT"};
// COMMIT itself, bound by its statement's name.
const TcpProxy::Cut kCommit{std::string("\0commit\0", 8), ""};

class CommitCut : public testing::Test {
 protected:
  std::string through_proxy() const {
    return postgres().over_tcp(storage_.url(), "127.0.0.1", proxy_.port());
  }
  // Nobody is let in after the cut, so that the process cannot find out; then it is killed.
  void leave_in_doubt(LogWork& work, TcpProxy::Cut cut) {
    proxy_.cut_next(std::move(cut), true);
    work.start(0, kUnits, {}, through_proxy());
    EXPECT_TRUE(comes_true(std::chrono::seconds(20), [&] { return proxy_.cuts() == 1; }));
    work.process().signal(SIGKILL);
    work.finish();
    proxy_.let_in();
  }

  const Storage storage_{Engine::postgresql};
  TcpProxy proxy_{postgres().port()};
};

TEST_F(CommitCut, AfterTheCommitIsFoundOutFromTheLog) {
  LogWork work(storage_);
  for (int cuts = 1; cuts <= (is_long() ? 50 : 3); ++cuts) {
    proxy_.cut_next(kReplyToCommit);
    work.start((cuts - 1) * kUnits, kUnits, {}, through_proxy());
    EXPECT_EQ(work.finish(), 0) << work.output();
    EXPECT_EQ(proxy_.cuts(), cuts);
    EXPECT_EQ(work.complaint(cuts * kUnits), "");
  }
  const auto [code, words] = work.verify();
  EXPECT_EQ(code, 0) << words;
}

TEST_F(CommitCut, BeforeTheCommitLeavesNothingBehindAndIsSaidSo) {
  LogWork work(storage_);
  proxy_.cut_next(kCommit);
  work.start(0, kUnits, {}, through_proxy());
  EXPECT_EQ(work.finish(), 0) << work.output();
  EXPECT_EQ(proxy_.cuts(), 1);
  EXPECT_THAT(work.output(), testing::HasSubstr("\"status\":503"));
  EXPECT_EQ(work.run(0, kUnits), 0);
  EXPECT_EQ(work.complaint(kUnits), "");
  const auto [code, words] = work.verify();
  EXPECT_EQ(code, 0) << words;
}

TEST_F(CommitCut, InDoubtIsResolvedByTheSameCommandsAgain) {
  LogWork work(storage_);
  leave_in_doubt(work, kReplyToCommit);
  const std::string events = postgres().ask(storage_.url(), "SELECT count(*) FROM es_event");
  EXPECT_NE(events, "0");
  EXPECT_EQ(work.run(0, kUnits), 0);
  EXPECT_EQ(work.complaint(kUnits), "");
  const auto [code, words] = work.verify();
  EXPECT_EQ(code, 0) << words;
}

TEST_F(CommitCut, InDoubtIsNoticedToBeDoneTwiceWhereRepeatsAreNotKnown) {
  GANTRY_NEEDS_MUTATIONS();
  LogWork work(storage_, "no_repeat_check");
  leave_in_doubt(work, kReplyToCommit);
  work.run(0, kUnits);
  EXPECT_NE(work.complaint(kUnits), "");
  const auto [code, words] = work.verify();
  EXPECT_EQ(code, 1) << words;
  EXPECT_THAT(words, testing::HasSubstr("I4 acknowledged exactly once ... BROKEN"));
}

TEST_F(CommitCut, UnderAServerMakesNoRequestHappenTwice) {
  ServerOptions options = storage_.options();
  options.arguments.insert(options.arguments.end(),
                           {"--set", "storage.events=" + through_proxy(), "--set",
                            "storage.postgresql.insecure_transport=true"});
  Server server(options);
  storage_.note_projected(server);
  ASSERT_TRUE(server.start()) << server.output();
  History history(server.data_dir() + "/history.jsonl");
  const int wishes = is_long() ? 40 : 8;
  Crowd crowd(server.port(), history, {.customers = 16, .wishes = wishes});
  for (int wish = 0; wish < wishes; wish += 4) {
    const int cuts = proxy_.cuts();
    const bool in_doubt = wish % 8 == 4;
    proxy_.cut_next(kReplyToCommit, in_doubt);
    std::thread trade([&] { crowd.trade(server.port(), wish, wish + 4); });
    EXPECT_TRUE(comes_true(std::chrono::seconds(20), [&] { return proxy_.cuts() > cuts; }));
    if (in_doubt) server.kill();  // while it tries to find out
    trade.join();
    proxy_.let_in();
    if (in_doubt) {
      ASSERT_TRUE(server.start()) << server.output();
    }
    crowd.trade(server.port(), wish, wish + 4);
    EXPECT_EQ(crowd.complaint(wish + 4), "");
  }
  const auto [code, words] = storage_.verify(server, history.file());
  EXPECT_EQ(code, 0) << words;
}

}  // namespace
}  // namespace gantry::tests
