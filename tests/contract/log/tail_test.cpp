// The tail: every event once, in order, from the ring or from the log.
#include "core/log/tail.hpp"

#include <thread>

#include "tests/contract/log/fixture.hpp"

namespace gantry::log::test {
namespace {
class Tailed : public LogContract {
 protected:
  static std::chrono::steady_clock::time_point soon() {
    return std::chrono::steady_clock::now() + std::chrono::seconds(10);
  }
  static std::vector<Position> positions(const std::vector<EventPtr>& events) {
    std::vector<Position> found;
    for (const auto& event : events) found.push_back(event->position);
    return found;
  }
};
GANTRY_LOG_CONTRACT(Tailed);
using testing::ElementsAre;

TEST_P(Tailed, GivesEventsAfterTheirCommit) {
  Tail tail(open(), {});
  tail.start();
  log().append_wait(unit(1, {to("cart-1", kAny, 3)}));
  ASSERT_TRUE(tail.wait(2, soon()));
  EXPECT_THAT(positions(tail.after(1, 10)), ElementsAre(2, 3));
  EXPECT_THAT(positions(tail.after(0, 2)), ElementsAre(1, 2));
  EXPECT_TRUE(tail.after(3, 10).empty());
  EXPECT_TRUE(tail.after(99, 10).empty());
  EXPECT_EQ(tail.end(), 3);
}

TEST_P(Tailed, ReadsTheLogForWhoIsBehindTheRing) {
  Tail tail(open(), {.tail_ring_events_max = 4});
  log().append_wait(unit(1, {to("cart-1", kAny, 3)}));  // before the tail began
  tail.start();
  log().append_wait(unit(2, {to("cart-1", kAny, 10)}));
  ASSERT_TRUE(tail.wait(12, soon()));
  for (Position after = 0; after < 13; ++after) {
    EXPECT_EQ(positions(tail.after(after, 1)), std::vector<Position>{after + 1});
  }
}

TEST_P(Tailed, KeepsItsRingBelowItsBytes) {
  Tail tail(open(), {.tail_ring_bytes_max = 1000});
  tail.start();
  log().append_wait(unit(1, {to("cart-1", kAny, 50)}));
  ASSERT_TRUE(tail.wait(49, soon()));
  EXPECT_EQ(tail.after(0, 100).size(), 50u);
  EXPECT_THAT(positions(tail.after(48, 100)), ElementsAre(49, 50));
}

TEST_P(Tailed, FeedsSeveralReadersWhileManyWrite) {
  Tail tail(open(), {.tail_ring_events_max = 16});
  std::atomic<Position> signalled{0};
  tail.on_advance([&](Position end) { signalled = end; });
  tail.start();
  constexpr Position kAll = 400;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i)
        log().append_wait(unit(t * 1000 + i, {to("cart-" + std::to_string(t), kAny, 2)}));
    });
  }
  for (uint32_t page : {1u, 3u, 64u}) {
    threads.emplace_back([&, page] {
      Position seen = 0;
      while (seen < kAll && tail.wait(seen, soon())) {
        for (const auto& event : tail.after(seen, page)) EXPECT_EQ(event->position, ++seen);
      }
      EXPECT_EQ(seen, kAll);
    });
  }
  for (auto& thread : threads) thread.join();
  tail.stop();
  EXPECT_EQ(signalled, kAll);
}

TEST_P(Tailed, WaitEndsAtItsDeadlineAndAtStop) {
  Tail tail(open(), {});
  tail.start();
  EXPECT_FALSE(tail.wait(0, std::chrono::steady_clock::now()));
  std::thread stopper([&] { tail.stop(); });
  EXPECT_FALSE(tail.wait(0, soon()));
  stopper.join();
}
}  // namespace
}  // namespace gantry::log::test
