#include "plugins/auth/session_rules.hpp"

#include <gtest/gtest.h>

namespace gantry::auth {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Instant kLogin(1'000'000'000'000'000);
const SessionLimits kLimits;  // 24 h, 30 min, 60 s, 5

SessionTimes used(std::chrono::microseconds after_login) {
  SessionTimes times = begin_session(kLimits, kLogin);
  times.last_active_at = kLogin + after_login;
  return times;
}

TEST(Session, BeginsActiveAndEnds24HoursLater) {
  const SessionTimes times = begin_session(kLimits, kLogin);
  EXPECT_EQ(times.created_at, kLogin);
  EXPECT_EQ(times.last_active_at, kLogin);
  EXPECT_EQ(times.expires_at, kLogin + hours(24));
}

TEST(Session, IsGoodUntilJustBefore30IdleMinutes) {
  EXPECT_EQ(session_end(used(seconds(0)), kLimits, kLogin + minutes(30) - seconds(1)),
            std::nullopt);
  EXPECT_EQ(session_end(used(seconds(0)), kLimits, kLogin + minutes(30)), SessionEnd::idle);
}

TEST(Session, StaysGoodWhileItIsUsed) {
  EXPECT_EQ(session_end(used(hours(5)), kLimits, kLogin + hours(5) + minutes(29)), std::nullopt);
}

TEST(Session, EndsAfter24HoursHoweverBusy) {
  const auto busy = used(hours(24) - seconds(1));
  EXPECT_EQ(session_end(busy, kLimits, kLogin + hours(24) - seconds(1)), std::nullopt);
  EXPECT_EQ(session_end(busy, kLimits, kLogin + hours(24)), SessionEnd::expired);
}

TEST(Session, IsTouchedAtMostOnceAMinute) {
  EXPECT_FALSE(touch_due(used(seconds(0)), kLimits, kLogin + seconds(59)));
  EXPECT_TRUE(touch_due(used(seconds(0)), kLimits, kLogin + seconds(60)));
}

TEST(Session, MakesRoomForTheSixthByEndingTheOldest) {
  EXPECT_EQ(evictions_for_one_more(0, kLimits), 0u);
  EXPECT_EQ(evictions_for_one_more(4, kLimits), 0u);
  EXPECT_EQ(evictions_for_one_more(5, kLimits), 1u);
  EXPECT_EQ(evictions_for_one_more(9, kLimits), 5u);  // the bound was lowered meanwhile
}

TEST(MagicLink, IsGoodUntilTheInstantItExpires) {
  EXPECT_TRUE(link_is_good(kLogin + minutes(15), kLogin + minutes(15) - seconds(1)));
  EXPECT_FALSE(link_is_good(kLogin + minutes(15), kLogin + minutes(15)));
}

}  // namespace
}  // namespace gantry::auth
