// Group commit: who waits together commits together, and nobody is hurt by a neighbour.
#include "tests/contract/log/fixture.hpp"

namespace gantry::log::test {
namespace {
class Group : public LogContract {};
GANTRY_LOG_CONTRACT(Group);

TEST_P(Group, OfWaitingCallersCommitsOnce) {
  open();
  Outcomes outcomes(40);
  uint64_t before = 0;
  {
    HeldWriter held(log());
    before = log().stats().commits;
    for (int i = 0; i < 40; ++i)
      log().append(unit(i, {to("cart-1", kAny)}), outcomes.slot(static_cast<size_t>(i)));
  }
  outcomes.wait();
  EXPECT_EQ(log().stats().commits - before, 1u);
  EXPECT_EQ(log().stats().events, 40u);
  EXPECT_EQ(log().head(), 40);
}

TEST_P(Group, IsNeverLargerThanItsMaximum) {
  open({.append_batch_max = 8});
  Outcomes outcomes(40);
  uint64_t before = 0;
  {
    HeldWriter held(log());
    before = log().stats().commits;
    for (int i = 0; i < 40; ++i)
      log().append(unit(i, {to("cart-1", kAny)}), outcomes.slot(static_cast<size_t>(i)));
  }
  outcomes.wait();
  EXPECT_EQ(log().stats().commits - before, 5u);
}

TEST_P(Group, OfOneCallerIsOne) {
  open();
  for (int i = 0; i < 10; ++i) log().append_wait(unit(i, {to("cart-1", kAny)}));
  EXPECT_EQ(log().stats().commits, 10u);
}

TEST_P(Group, SeesItsOwnStreamsInOrder) {
  open();
  Outcomes outcomes(3);
  {
    HeldWriter held(log());
    log().append(unit(1, {to("cart-1", kAbsent, 2)}), outcomes.slot(0));
    log().append(unit(2, {to("cart-1", 2, 1)}), outcomes.slot(1));
    log().append(unit(3, {to("cart-1", 2, 1)}), outcomes.slot(2));
  }
  const auto all_three = outcomes.wait();
  EXPECT_EQ(all_three[0].code, Code::kOk);
  EXPECT_EQ(all_three[1].code, Code::kOk);
  EXPECT_EQ(all_three[2].code, Code::kConflict);
  EXPECT_EQ(all_three[2].actual, 3);
}

TEST_P(Group, IsNotHurtByOneBadUnit) {
  open();
  log().append_wait(unit(100, {to("cart-0", kAbsent)}));
  Outcomes outcomes(30);
  uint64_t before = 0;
  {
    HeldWriter held(log());
    before = log().stats().commits;
    for (int i = 0; i < 30; ++i) {
      // every third is late: a stream of its own that would come first, and one that has moved on
      const auto mine = "cart-" + std::to_string(i + 1);
      auto given = i % 3 == 1 ? unit(i, {to(mine, kAbsent), to("cart-0", kAbsent)})
                              : unit(i, {to(mine, kAbsent)});
      log().append(std::move(given), outcomes.slot(static_cast<size_t>(i)));
    }
  }
  const auto answers = outcomes.wait();
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(answers[static_cast<size_t>(i)].code, i % 3 == 1 ? Code::kConflict : Code::kOk) << i;
    EXPECT_EQ(log().stream_version("cart-" + std::to_string(i + 1)), i % 3 == 1 ? 0 : 1) << i;
  }
  EXPECT_EQ(log().stats().commits - before, 1u);
  EXPECT_EQ(all(log()).size(), 21u);
}
}  // namespace
}  // namespace gantry::log::test
