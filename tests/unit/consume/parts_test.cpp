// The parts without threads: filter, back-off, lane, low water.
#include <gtest/gtest.h>

#include "core/consume/consumer.hpp"
#include "core/consume/lane.hpp"
#include "core/consume/low_water.hpp"
#include "core/consume/reading.hpp"
#include "core/consume/retry.hpp"
#include "tests/unit/consume/memory_log.hpp"

namespace gantry::consume {
namespace {

TEST(Filter, MatchesCategoriesWholeNamesAndAll) {
  const Filter filter{{"payment-*", "clock"}};
  EXPECT_TRUE(filter.matches("payment-1"));
  EXPECT_FALSE(filter.matches("payments-1"));
  EXPECT_TRUE(filter.matches("clock"));
  EXPECT_FALSE(filter.matches("clock-1"));
  EXPECT_TRUE(Filter{{"*"}}.matches("anything"));
  EXPECT_FALSE(Filter{}.matches("anything"));
}

TEST(RetryDelay, DoublesUpToItsBoundAndIsAtMostAQuarterShorter) {
  Limits limits;
  limits.retry_initial_ms = 100;
  limits.retry_max_ms = 1000;
  const auto within = [&](uint32_t attempt, int64_t most) {
    for (uint64_t seed = 0; seed < 100; ++seed) {
      const int64_t delay = retry_delay(limits, attempt, seed).count();
      if (delay > most || delay < most * 3 / 4) return false;
    }
    return true;
  };
  EXPECT_TRUE(within(1, 100));
  EXPECT_TRUE(within(2, 200));
  EXPECT_TRUE(within(4, 800));
  EXPECT_TRUE(within(5, 1000));
  EXPECT_TRUE(within(4'000'000'000, 1000));
}

TEST(RetryDelay, DiffersFromSeedToSeed) { EXPECT_NE(retry_delay({}, 5, 1), retry_delay({}, 5, 2)); }

log::EventPtr event(log::Position position, const std::string& stream) {
  auto made = std::make_shared<log::Event>();
  made->position = position;
  made->stream = stream;
  return made;
}

// Positions a lane gives, each handled well, until it has none.
std::vector<int64_t> drain(Lane& lane) {
  std::vector<int64_t> positions;
  while (const auto taken = lane.take()) {
    positions.push_back(taken->position);
    lane.done();
  }
  return positions;
}

TEST(Lane, GivesEventsInOrder) {
  Lane lane;
  lane.push(event(1, "a"));
  lane.push(event(2, "b"));
  lane.push(event(3, "a"));
  EXPECT_EQ(drain(lane), (std::vector<int64_t>{1, 2, 3}));
  EXPECT_EQ(lane.held(), 0u);
}

TEST(Lane, AFailedEventHoldsItsStreamAndNoOther) {
  Lane lane;
  for (const auto& [position, stream] : {std::pair{1, "a"}, {2, "b"}, {3, "a"}, {4, "b"}}) {
    lane.push(event(position, stream));
  }
  ASSERT_EQ(lane.take()->position, 1);
  EXPECT_EQ(lane.failed("no"), 1u);
  EXPECT_EQ(drain(lane), (std::vector<int64_t>{2, 4}));
  EXPECT_FALSE(lane.has_work());
  EXPECT_EQ(lane.held(), 2u);
  EXPECT_EQ(lane.stuck().position, 1);
  EXPECT_EQ(lane.stuck().reason, "no");

  lane.retry("a", 1);
  EXPECT_TRUE(lane.has_work());
  EXPECT_EQ(drain(lane), (std::vector<int64_t>{1, 3}));
  EXPECT_EQ(lane.stuck().position, 0);
  EXPECT_EQ(lane.held(), 0u);
}

TEST(Lane, CountsAttemptsOfOneEventAndBeginsAnewWithTheNext) {
  Lane lane;
  lane.push(event(1, "a"));
  lane.push(event(2, "a"));
  lane.take();
  EXPECT_EQ(lane.failed("x"), 1u);
  lane.retry("a", 1);
  lane.take();
  EXPECT_EQ(lane.failed("x"), 2u);
  lane.retry("a", 1);  // a late timer of the first attempt
  EXPECT_EQ(lane.take(), nullptr);
  lane.retry("a", 2);
  lane.take();
  lane.done();
  ASSERT_EQ(lane.take()->position, 2);
  EXPECT_EQ(lane.failed("x"), 1u);
}

Mark at(log::Position position) { return {position, uuid5(Uuid(), to_text(position))}; }

TEST(LowWater, IsJustBelowTheFirstEventThatIsNotDone) {
  LowWater water;
  water.begin_at(at(10));
  water.pass(at(11));
  water.open(at(12));
  water.pass(at(13));
  water.open(at(14));
  EXPECT_EQ(water.mark(), at(11));
  water.done(14);
  EXPECT_EQ(water.mark(), at(11));
  water.done(12);
  EXPECT_EQ(water.mark(), at(14));
}

Code halt_or_code(const std::function<void()>& call, std::string& why) {
  try {
    call();
  } catch (const Halt& halt) {
    why = halt.what();
    return Code::kConflict;
  }
  return Code::kOk;
}

TEST(ReadAfter, GivesWhatFollowsAndNothingAtTheEnd) {
  MemoryLog log;
  for (int i = 0; i < 5; ++i) log.add("a");
  EXPECT_EQ(read_after(log, {}, 3).size(), 3u);
  const Mark third = mark_of(*log.read(2, 1).front());
  const auto rest = read_after(log, third, 10);
  ASSERT_EQ(rest.size(), 2u);
  EXPECT_EQ(rest.front()->position, 4);
  EXPECT_TRUE(read_after(log, mark_of(*log.read(4, 1).front()), 10).empty());
}

TEST(ReadAfter, HaltsWhenTheEventAtTheMarkIsAnother) {
  MemoryLog log;
  for (int i = 0; i < 3; ++i) log.add("a");
  const Mark second = mark_of(*log.read(1, 1).front());
  log.replace(2);
  std::string why;
  EXPECT_EQ(halt_or_code([&] { read_after(log, second, 10); }, why), Code::kConflict);
  EXPECT_EQ(why, "log diverged at position 2");
}

}  // namespace
}  // namespace gantry::consume
