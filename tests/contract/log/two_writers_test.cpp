// Two writers of one log, each remembering what it wrote last: what the other has done since
// counts, whatever they remember.
#include <gmock/gmock.h>

#include "core/log/queued_unit.hpp"
#include "gantry/text.hpp"
#include "tests/contract/log/fixture.hpp"

namespace gantry::log::test {
namespace {

class TwoWriters : public testing::TestWithParam<Adapter> {
 protected:
  std::unique_ptr<Log> open() const { return GetParam().open(folder_.path(), {}, clock_); }
  Outcome append(Log& log, int n, StreamAppend append) {
    return log.append_wait(unit(n, {std::move(append)}));
  }
  void expect_dense(Position head) {
    const auto events = all(*here_);
    ASSERT_EQ(events.size(), static_cast<size_t>(head));
    for (Position at = 1; at <= head; ++at)
      EXPECT_EQ(events[static_cast<size_t>(at - 1)]->position, at);
  }

  ManualClock clock_;
  Folder folder_;
  std::unique_ptr<Log> here_ = open(), there_ = open();
};
INSTANTIATE_TEST_SUITE_P(On, TwoWriters, testing::ValuesIn(durable_adapters()),
                         [](const auto& one) { return one.param.name; });

// A file neither keeps dead rows nor becomes another one.
class TwoWritersOfPostgresql : public TwoWriters {};
INSTANTIATE_TEST_SUITE_P(On, TwoWritersOfPostgresql,
                         testing::Values(Adapter{"postgresql", open_pg}),
                         [](const auto& one) { return one.param.name; });

TEST_P(TwoWriters, TakeTurnsWithoutAHole) {
  for (int n = 1; n <= 40; ++n) {
    Log& log = n % 3 == 0 ? *there_ : *here_;
    const Outcome outcome = append(log, n, to("cart-1", n - 1));
    ASSERT_EQ(outcome.code, Code::kOk) << outcome.detail;
    EXPECT_EQ(outcome.committed.first, n);
  }
  expect_dense(40);
}

TEST_P(TwoWriters, SeeVersionsThatTheOtherMade) {
  append(*here_, 1, to("cart-1", kAbsent));
  append(*here_, 2, to("cart-1", 1));
  append(*there_, 3, to("cart-1", 2));
  const Outcome late = append(*here_, 4, to("cart-1", 2));
  EXPECT_EQ(late.code, Code::kConflict);
  EXPECT_EQ(late.actual, 3);
  EXPECT_EQ(append(*here_, 5, to("cart-1", 3)).code, Code::kOk);
  expect_dense(4);
}

TEST_P(TwoWriters, SeeStreamsThatTheOtherMade) {
  append(*here_, 1, to("cart-1", kAbsent));
  append(*there_, 2, to("cart-2", kAbsent));
  EXPECT_EQ(append(*here_, 3, to("cart-2", kAbsent)).code, Code::kConflict);
  EXPECT_EQ(append(*here_, 4, to("cart-2", kAny)).code, Code::kOk);
  EXPECT_EQ(append(*there_, 5, to("cart-3", kAbsent)).code, Code::kOk);
  EXPECT_EQ(here_->stream_version("cart-2"), 2);
  expect_dense(4);
}

// Nothing is written to guest-1: that it is absent is only what the decision rests on.
TEST_P(TwoWriters, SeeThatAStreamIsNoLongerAbsentThatNothingIsWrittenTo) {
  append(*here_, 1, to("cart-1", kAny));
  append(*there_, 2, to("guest-1", kAbsent));
  append(*here_, 3, to("cart-1", kAny));  // remembers the head again, and nothing of guest-1
  const Outcome late = here_->append_wait(unit(4, {to("guest-1", kAbsent, 0), to("cart-1", kAny)}));
  EXPECT_EQ(late.code, Code::kConflict);
  EXPECT_EQ(late.stream, "guest-1");
  EXPECT_EQ(late.actual, 1);
  expect_dense(3);
}

TEST_P(TwoWriters, TakeAStreamNotWrittenToLatelyAsItIs) {
  append(*here_, 1, to("cart-1", kAbsent));
  there_.reset();
  there_ = open();
  append(*there_, 2, to("cart-2", kAbsent));  // remembers the head, and cart-2
  EXPECT_EQ(append(*there_, 3, to("cart-1", kAny)).code, Code::kOk);
  EXPECT_EQ(append(*there_, 4, to("cart-1", 2)).code, Code::kOk);
  EXPECT_EQ(here_->stream_version("cart-1"), 3);
}

TEST_P(TwoWriters, KnowACommandOfTheOtherAgain) {
  append(*here_, 1, to("cart-1", kAny));
  append(*there_, 2, to("cart-1", kAny));
  append(*here_, 3, to("cart-1", kAny));
  const Outcome again = append(*here_, 2, to("cart-1", kAny));
  EXPECT_EQ(again.code, Code::kOk) << again.detail;
  EXPECT_TRUE(again.committed.repeated);
  EXPECT_EQ(again.committed.first, 2);
  const Outcome own = append(*here_, 3, to("cart-1", kAny));
  EXPECT_TRUE(own.committed.repeated);
  expect_dense(3);
}

// However the writer appends: with an answer it has to ask.
TEST_P(TwoWriters, SeeAnswersThatTheOtherGave) {
  append(*here_, 1, to("cart-1", kAbsent));
  append(*here_, 2, to("cart-1", 1));  // remembers cart-1
  const auto request = [&](std::string data) {
    Unit made = unit(3, {to("cart-1", kAny)});
    made.appends[0].events[0].data = std::move(data);
    made.answer.emplace();
    made.answer->scope = made.answer->fingerprint = std::string(32, '\x01');
    made.answer->command = made.command;
    made.answer->status = 201;
    made.answer->expires_at = clock_.now() + std::chrono::hours(24);
    return made;
  };
  EXPECT_EQ(there_->append_wait(request(R"({"at": "there"})")).code, Code::kOk);
  EXPECT_EQ(here_->append_wait(request(R"({"at": "here"})")).code, Code::kConflict);
  expect_dense(3);
}

TEST_P(TwoWriters, ReadAgainOnlyWhatTheOtherHasChanged) {
  for (int n = 1; n <= 10; ++n) append(*here_, n, to("cart-1", n - 1));
  EXPECT_EQ(here_->stats().commits, 10u);
  EXPECT_EQ(here_->stats().unasked, 9u) << "the first finds out what is there";
  append(*there_, 11, to("cart-1", 10));
  EXPECT_EQ(there_->stats().unasked, 0u);
  for (int n = 12; n <= 20; ++n) append(*here_, n, to("cart-1", n - 1));
  EXPECT_EQ(here_->stats().commits, 19u);
  EXPECT_EQ(here_->stats().unasked, 17u);
  expect_dense(20);
}

// Dead rows stay while anybody's transaction is older, and cost each append more (ADR-0019).
TEST_P(TwoWritersOfPostgresql, LeaveNoDeadRowBehind) {
  for (int n = 1; n <= 10; ++n) append(n % 3 == 0 ? *there_ : *here_, n, to("cart-1", n - 1));
  EXPECT_GT(here_->stats().unasked, 0u) << "both ways to append, asked and remembered";
  // Rows lie where they were first put, one behind the other.
  const auto last_place = [this](const char* table) {
    return tests::postgres().ask(pg_url(folder_.path()), join("SELECT max(ctid) FROM ", table));
  };
  EXPECT_EQ(last_place("es_event"), "(0,10)");
  EXPECT_EQ(last_place("es_stream"), "(0,1)");
}

// As after a fail-over to a database that had not got the last commit, and then another one.
TEST_P(TwoWritersOfPostgresql, CompareTheEventAtTheHeadNotOnlyItsPosition) {
  append(*here_, 1, to("cart-1", kAbsent));
  tests::postgres().ask(pg_url(folder_.path()),
                        "UPDATE es_event SET event_id = gen_random_uuid() WHERE position = 1");
  StreamAppend on_top = to("cart-1", 1);
  on_top.tip = event_ids(unit(1, {to("cart-1", kAbsent)})).front();
  EXPECT_EQ(append(*here_, 2, on_top).code, Code::kConflict);
}

}  // namespace
}  // namespace gantry::log::test
