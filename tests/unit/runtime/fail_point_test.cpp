#include "core/runtime/fail_point.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "gantry/error.hpp"

namespace gantry::runtime {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr size_t kPoint = fail_point("append.before_commit");

class FailPoint : public testing::Test {
 protected:
  ~FailPoint() override { arm_fail_points({}); }
  static void arm(const std::string& text) { arm_fail_points(parse_fail_plan(text).rules); }
  static void hit() { GANTRY_FAIL_POINT("append.before_commit"); }
};
using FailPointDeath = FailPoint;

TEST(FailPlanText, NamesPointActionAndHit) {
  const FailPlan plan = parse_fail_plan("append.before_commit:crash:3");
  EXPECT_EQ(plan.fault, "");
  EXPECT_EQ(plan.rules, (std::vector<FailRule>{{kPoint, FailAction::crash, 3}}));
}

TEST(FailPlanText, MeansTheFirstHitWhenItNamesNone) {
  EXPECT_EQ(parse_fail_plan("append.before_commit:error").rules,
            (std::vector<FailRule>{{kPoint, FailAction::error, 1}}));
}

TEST(FailPlanText, HoldsSeveralRulesInTheirOrder) {
  const FailPlan plan =
      parse_fail_plan("append.before_commit:delay:20,checkpoint.mid_batch:hang:2");
  EXPECT_EQ(plan.rules,
            (std::vector<FailRule>{{kPoint, FailAction::delay, 20},
                                   {fail_point("checkpoint.mid_batch"), FailAction::hang, 2}}));
}

TEST(FailPlanText, ListsAllPointsWhenItNamesAnUnknownOne) {
  const FailPlan plan = parse_fail_plan("append.befor_commit:crash");
  EXPECT_THAT(plan.rules, IsEmpty());
  EXPECT_THAT(plan.fault, HasSubstr("there is no fail point 'append.befor_commit'"));
  for (const std::string_view name : kFailPoints)
    EXPECT_THAT(plan.fault, HasSubstr(std::string(name)));
}

class MalformedFailPlan : public testing::TestWithParam<const char*> {};

TEST_P(MalformedFailPlan, IsRefusedWhole) {
  const FailPlan plan = parse_fail_plan(GetParam());
  EXPECT_THAT(plan.rules, IsEmpty());
  EXPECT_THAT(plan.fault, HasSubstr("GANTRY_FAIL: "));
}

INSTANTIATE_TEST_SUITE_P(
    All, MalformedFailPlan,
    testing::Values("", ",", "append.before_commit", "append.before_commit:", ":crash",
                    "append.before_commit:explode", "append.before_commit:crash:0",
                    "append.before_commit:crash:-1", "append.before_commit:crash:1x",
                    "append.before_commit:crash:", "append.before_commit:crash:1:2",
                    "append.before_commit:crash:99999999999", "append.before_commit:delay",
                    "append.before_commit:delay:600001", "append.before_commit:crash,",
                    " append.before_commit:crash", "append.before_commit:crash;"));

TEST_F(FailPoint, DoesNothingUnarmed) { EXPECT_NO_THROW(hit()); }

TEST_F(FailPoint, ThrowsUnavailableAtTheNthHitAndAtNoOther) {
  arm("append.before_commit:error:2");
  EXPECT_NO_THROW(hit());
  EXPECT_THROW(hit(), Error);
  EXPECT_NO_THROW(hit());
}

TEST_F(FailPoint, LeavesOtherPointsAlone) {
  arm("append.after_commit:error");
  EXPECT_NO_THROW(hit());
}

TEST_F(FailPoint, TakesTheNamedTimeAtEveryHit) {
  arm("append.before_commit:delay:15");
  const auto began = std::chrono::steady_clock::now();
  hit();
  hit();
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(30));
}

TEST_F(FailPointDeath, CrashesWithoutCleaningUp) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_EXIT(
      {
        arm("append.before_commit:crash");
        hit();
      },
      testing::KilledBySignal(SIGKILL), "");
}

}  // namespace
}  // namespace gantry::runtime
