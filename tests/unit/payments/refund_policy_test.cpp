#include "refund_policy.hpp"

#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace gantry::payments {
namespace {

const ticketing::RefundRules kRules = ticketing::default_refund_rules();

Money allowed(std::chrono::microseconds before_start, int64_t captured, int64_t committed = 0) {
  return policy_allows(kRules, kNow + before_start, kNow, usd(captured), usd(committed));
}

TEST(RefundPolicy, GivesEverythingBackUntilSevenDaysBeforeTheStart) {
  EXPECT_EQ(allowed(24h * 30, 1000), usd(1000));
  EXPECT_EQ(allowed(24h * 7, 1000), usd(1000));
}

TEST(RefundPolicy, GivesHalfBackUntilThreeDaysBeforeTheStart) {
  EXPECT_EQ(allowed(24h * 7 - 1us, 1000), usd(500));
  EXPECT_EQ(allowed(24h * 3, 1000), usd(500));
}

TEST(RefundPolicy, GivesNothingBackAfterThat) {
  EXPECT_EQ(allowed(24h * 3 - 1us, 1000), usd(0));
  EXPECT_EQ(allowed(-1h, 1000), usd(0));
}

TEST(RefundPolicy, RoundsHalfUpToTheMinorUnit) {
  EXPECT_EQ(allowed(24h * 5, 1099), usd(550));
  EXPECT_EQ(allowed(24h * 5, 1), usd(1));
}

TEST(RefundPolicy, CountsWhatHasGoneBackAgainstTheWhole) {
  EXPECT_EQ(allowed(24h * 5, 1000, 200), usd(300));
  EXPECT_EQ(allowed(24h * 5, 1000, 500), usd(0));
  EXPECT_EQ(allowed(24h * 5, 1000, 900), usd(0));
}

TEST(RefundPolicy, WithoutRulesGivesNothingBack) {
  EXPECT_EQ(policy_allows({}, kNow + 24h * 30, kNow, usd(1000), usd(0)), usd(0));
}

}  // namespace
}  // namespace gantry::payments
