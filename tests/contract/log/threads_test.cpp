// Many callers at once.
#include <thread>

#include "tests/contract/log/fixture.hpp"

namespace gantry::log::test {
namespace {
class Threads : public LogContract {};
GANTRY_LOG_CONTRACT(Threads);

constexpr int kThreads = 8;
constexpr int kEach = 60;

TEST_P(Threads, LeaveNoHole) {
  open();
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        const int n = t * 1000 + i;
        const auto outcome = log().append_wait(
            unit(n, {to("own-" + std::to_string(t), i * 2, 2), to("shared-1", kAny)}));
        EXPECT_EQ(outcome.code, Code::kOk) << outcome.detail;
      }
    });
  }
  for (auto& thread : threads) thread.join();

  const auto events = all(log());
  ASSERT_EQ(events.size(), static_cast<size_t>(kThreads * kEach * 3));
  for (size_t i = 0; i < events.size(); ++i)
    EXPECT_EQ(events[i]->position, static_cast<Position>(i + 1));
  EXPECT_EQ(log().stream_version("shared-1"), kThreads * kEach);
}

// The first append may come before the log's own thread has got going.
TEST_P(Threads, MayAppendFromTheMomentItIsOpen) {
  constexpr int kRounds = 20, kCallers = 4, kUnits = 3;
  for (int round = 0; round < kRounds; ++round) {
    open();
    std::vector<std::thread> threads;
    for (int t = 0; t < kCallers; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kUnits; ++i) {
          const int n = (round * kCallers + t) * kUnits + i;
          const auto outcome = log().append_wait(unit(n, {to("shared-1", kAny)}));
          EXPECT_EQ(outcome.code, Code::kOk) << outcome.detail;
        }
      });
    }
    for (auto& thread : threads) thread.join();
  }
  EXPECT_EQ(all(log()).size(), static_cast<size_t>(kRounds * kCallers * kUnits));
}

TEST_P(Threads, KeepTheOrderOfCallsPerStream) {
  open();
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      Outcomes outcomes(kEach);
      for (int i = 0; i < kEach; ++i) {  // without waiting: each is right only after the one before
        log().append(unit(t * 1000 + i, {to("own-" + std::to_string(t), i)}),
                     outcomes.slot(static_cast<size_t>(i)));
      }
      for (const auto& outcome : outcomes.wait())
        EXPECT_EQ(outcome.code, Code::kOk) << outcome.detail;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(log().head(), kThreads * kEach);
}

TEST_P(Threads, OnlyOneWinsAVersion) {
  open();
  std::atomic<int> wins{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        wins += log().append_wait(unit(t * 1000 + i, {to("seat-1", i)})).code == Code::kOk ? 1 : 0;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(log().stream_version("seat-1"), wins);
  EXPECT_EQ(log().head(), wins);
  EXPECT_GT(wins, 0);
}

TEST_P(Threads, ThatReadSeeEveryPositionInOrder) {
  open();
  std::atomic<bool> done{false};
  std::thread reader([&] {
    Position seen = 0;
    while (!done || seen < log().head()) {
      for (const auto& event : log().read(seen, 7)) {
        EXPECT_EQ(event->position, ++seen);
      }
    }
    EXPECT_EQ(seen, log().head());
  });
  for (int i = 0; i < 100; ++i)
    log().append_wait(unit(i, {to("pair-a", kAny), to("pair-b", kAny)}));
  done = true;
  reader.join();
}
}  // namespace
}  // namespace gantry::log::test
