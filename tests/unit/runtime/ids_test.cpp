#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "core/runtime/system_clock.hpp"
#include "core/runtime/system_ids.hpp"

namespace gantry::runtime {
namespace {

class SettableClock final : public base::Clock {
 public:
  Instant now() const override { return at; }
  int64_t monotonic_ns() const override { return 0; }
  Instant at{1'700'000'000'000'000};
};

TEST(SystemIds, MakesVersionSevenOfTheClocksMillisecond) {
  SettableClock clock;
  SystemIds ids(clock);
  const std::string id = ids.uuid7().text();
  EXPECT_EQ(id.substr(0, 13), "018bcfe5-6800");  // 1,700,000,000,000 ms
  EXPECT_EQ(id[14], '7');
  EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos);
}

TEST(SystemIds, AscendsWhileTheClockStandsAndWhenItIsSetBack) {
  SettableClock clock;
  SystemIds ids(clock);
  Uuid last = ids.uuid7();
  for (int i = 0; i < 10000; ++i) {  // more than fit into one millisecond's counter
    if (i == 5000) clock.at = Instant(1'600'000'000'000'000);
    const Uuid next = ids.uuid7();
    ASSERT_LT(last, next);
    last = next;
  }
}

TEST(SystemIds, NeverMakesOneTwiceFromManyThreads) {
  SystemClock clock;
  SystemIds ids(clock);
  std::vector<std::vector<Uuid>> made(4);
  std::vector<std::thread> threads;
  for (auto& mine : made) {
    threads.emplace_back([&ids, &mine] {
      for (int i = 0; i < 1000; ++i) mine.push_back(ids.uuid7());
    });
  }
  for (auto& thread : threads) thread.join();
  std::set<Uuid> all;
  for (const auto& mine : made) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), 4000u);
}

TEST(SystemIds, FillsAllOfTheSpanWithDifferentBytesEachTime) {
  SystemClock clock;
  SystemIds ids(clock);
  std::array<std::byte, 32> a{}, b{};
  ids.random(a);
  ids.random(b);
  EXPECT_NE(a, b);
}

TEST(SystemClock, MonotonicTimeNeverGoesBack) {
  const SystemClock clock;
  const int64_t before = clock.monotonic_ns();
  EXPECT_LE(before, clock.monotonic_ns());
  EXPECT_GT(clock.now(), Instant(1'600'000'000'000'000));
}

}  // namespace
}  // namespace gantry::runtime
