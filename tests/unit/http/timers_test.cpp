#include "core/http/timers.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace gantry::http {
namespace {

constexpr int64_t kMs = 1'000'000;

class Alarm final : public Timer {
 public:
  explicit Alarm(Wheel& wheel) : wheel_(wheel) {}
  ~Alarm() { wheel_.disarm(*this); }
  int rung = 0;
  Alarm* rearms = nullptr;
  int64_t rearm_ns = 0;

 private:
  void expired() override {
    ++rung;
    if (rearms != nullptr) wheel_.arm(*rearms, rearm_ns);
  }
  Wheel& wheel_;
};

TEST(Wheel, RingsOnceNotBeforeTheTime) {
  Wheel wheel(0);
  Alarm alarm(wheel);
  wheel.arm(alarm, 100 * kMs);
  wheel.advance(99 * kMs);
  EXPECT_EQ(alarm.rung, 0);
  wheel.advance(105 * kMs);
  wheel.advance(200 * kMs);
  EXPECT_EQ(alarm.rung, 1);
}

TEST(Wheel, FollowsADeadlineThatMovesBothWays) {
  Wheel wheel(0);
  Alarm alarm(wheel);
  wheel.arm(alarm, 100 * kMs);
  wheel.arm(alarm, 10'000 * kMs);
  wheel.advance(9'999 * kMs);
  EXPECT_EQ(alarm.rung, 0);
  wheel.arm(alarm, 20'000 * kMs);
  wheel.arm(alarm, 10'050 * kMs);
  wheel.advance(10'060 * kMs);
  EXPECT_EQ(alarm.rung, 1);
}

TEST(Wheel, WaitsForTheFirstOccupiedSlot) {
  Wheel wheel(0);
  EXPECT_EQ(wheel.wait_ms(0), -1);
  Alarm far(wheel), near(wheel);
  wheel.arm(far, 3000 * kMs);
  EXPECT_NEAR(wheel.wait_ms(0), 3000, 8);
  wheel.arm(near, 50 * kMs);
  EXPECT_NEAR(wheel.wait_ms(0), 50, 8);
  wheel.disarm(near);
  EXPECT_NEAR(wheel.wait_ms(0), 3000, 8);
  wheel.disarm(far);
  EXPECT_EQ(wheel.wait_ms(0), -1);
}

TEST(Wheel, NeverRingsAPausedTimer) {
  Wheel wheel(0);
  Alarm alarm(wheel);
  wheel.arm(alarm, 50 * kMs);
  Wheel::pause(alarm);
  wheel.advance(10'000 * kMs);
  EXPECT_EQ(alarm.rung, 0);
}

TEST(Wheel, LetsATimerArmAnotherOne) {
  Wheel wheel(0);
  Alarm first(wheel), second(wheel);
  first.rearms = &second;
  first.rearm_ns = 60 * kMs;
  wheel.arm(first, 50 * kMs);
  wheel.advance(70 * kMs);
  EXPECT_EQ(first.rung, 1);
  EXPECT_EQ(second.rung, 1);
}

TEST(Wheel, MissesNobodyAfterALongSleep) {
  Wheel wheel(0);
  std::vector<std::unique_ptr<Alarm>> alarms;
  for (int i = 0; i < 2000; ++i) {
    alarms.push_back(std::make_unique<Alarm>(wheel));
    wheel.arm(*alarms.back(), i * 17 * kMs);
  }
  wheel.advance(40'000 * kMs);
  for (const auto& alarm : alarms) EXPECT_EQ(alarm->rung, 1);
}

TEST(Wheel, RingsEachAtItsTimeOverSeveralRounds) {
  Wheel wheel(0);
  std::vector<std::unique_ptr<Alarm>> alarms;
  for (int i = 0; i < 500; ++i) {
    alarms.push_back(std::make_unique<Alarm>(wheel));
    wheel.arm(*alarms.back(), i * 37 * kMs + 500'000);
  }
  for (int64_t now = 0; now < 20'000; now += 3) {
    wheel.advance(now * kMs);
    for (int i = 0; i < 500; ++i) {
      const int rung = alarms[static_cast<size_t>(i)]->rung;
      const bool too_early = rung != 0 && now < i * 37 + 1;
      const bool too_late = rung == 0 && now >= i * 37 + 9;
      ASSERT_FALSE(too_early || too_late) << i << " at " << now;
    }
  }
}

}  // namespace
}  // namespace gantry::http
