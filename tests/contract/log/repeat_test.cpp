// A command that comes again: after a lost answer, a time-out, a crash.
#include "tests/contract/log/fixture.hpp"

namespace gantry::log::test {
namespace {
class Repeat : public LogContract {};
GANTRY_LOG_CONTRACT(Repeat);

TEST_P(Repeat, IsAnsweredWithTheOldPositions) {
  open();
  const Unit given = unit(1, {to("cart-1", kAbsent, 2), to("cart-2", kAbsent, 1)});
  log().append_wait(given);
  log().append_wait(unit(2, {to("cart-1", 2, 4)}));  // the streams have moved on since

  const Outcome again = log().append_wait(given);

  EXPECT_EQ(again.code, Code::kOk);
  EXPECT_TRUE(again.committed.repeated);
  EXPECT_EQ(again.committed.first, 1);
  EXPECT_EQ(again.committed.last, 3);
  EXPECT_EQ(log().head(), 7);
}

TEST_P(Repeat, IsFoundAfterReopening) {
  open();
  const Unit given = unit(1, {to("cart-1", kAbsent, 2)});
  log().append_wait(given);
  open();
  EXPECT_TRUE(log().append_wait(given).committed.repeated);
  EXPECT_EQ(log().head(), 2);
}

TEST_P(Repeat, InTheSameGroupIsFoundToo) {
  open();
  Outcomes outcomes(2);
  {
    HeldWriter held(log());
    log().append(unit(1, {to("cart-1", kAbsent, 2)}), outcomes.slot(0));
    log().append(unit(1, {to("cart-1", kAbsent, 2)}), outcomes.slot(1));
  }
  const auto both = outcomes.wait();
  EXPECT_FALSE(both[0].committed.repeated);
  EXPECT_TRUE(both[1].committed.repeated);
  EXPECT_EQ(both[1].committed.last, both[0].committed.last);
  EXPECT_EQ(log().head(), 2);
}

class RepeatWithOther : public LogContract {
 protected:
  Outcome second(std::vector<StreamAppend> appends) {
    open();
    log().append_wait(unit(1, {to("cart-1", kAny, 2)}));
    log().append_wait(unit(2, {to("cart-1", kAny, 2)}));
    const Outcome outcome = log().append_wait(unit(1, std::move(appends)));
    EXPECT_EQ(log().head(), 4);
    return outcome;
  }
};
GANTRY_LOG_CONTRACT(RepeatWithOther);

TEST_P(RepeatWithOther, DataIsInvalid) {
  auto append = to("cart-1", kAny, 2);
  append.events[1].data = "{\"i\":7}";
  const Outcome outcome = second({append});
  EXPECT_EQ(outcome.code, Code::kInvalid);
  EXPECT_EQ(outcome.detail,
            "command " + command(1).text() + " was committed before with other events");
}
TEST_P(RepeatWithOther, TypeIsInvalid) {
  auto append = to("cart-1", kAny, 2);
  append.events[0].type = "test.other.v1";
  EXPECT_EQ(second({append}).code, Code::kInvalid);
}
TEST_P(RepeatWithOther, StreamIsInvalid) {
  EXPECT_EQ(second({to("cart-2", kAny, 2)}).code, Code::kInvalid);
}
TEST_P(RepeatWithOther, MoreEventsIsInvalid) {
  EXPECT_EQ(second({to("cart-1", kAny, 3)}).code, Code::kInvalid);
}
TEST_P(RepeatWithOther, FewerEventsIsInvalid) {
  EXPECT_EQ(second({to("cart-1", kAny, 1)}).code, Code::kInvalid);
}
TEST_P(RepeatWithOther, ExpectationIsStillTheSame) {
  EXPECT_TRUE(second({to("cart-1", 77, 2)}).committed.repeated);
}

}  // namespace
}  // namespace gantry::log::test
