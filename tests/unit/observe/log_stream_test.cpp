#include "core/observe/log_stream.hpp"

#include <gtest/gtest.h>

#include <future>

namespace gantry::observe {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class FixedClock final : public base::Clock {
 public:
  Instant now() const override { return Instant(1'000'000); }
  int64_t monotonic_ns() const override { return 0; }
};

// Collects lines; while closed, the writer thread waits in it. Opens by itself when destroyed.
class Gate {
 public:
  ~Gate() { open(); }
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  void open() {
    const std::lock_guard lock(mutex_);
    closed_ = false;
    changed_.notify_all();
  }
  // Returns once a call of the sink waits at the closed gate.
  void wait_entered() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 10s, [&] { return waiting_ > 0; });
  }
  LogSink sink() {
    return [this](std::string_view lines) {
      std::unique_lock lock(mutex_);
      ++waiting_;
      changed_.notify_all();
      changed_.wait(lock, [&] { return !closed_; });
      --waiting_;
      text_ += lines;
    };
  }
  std::string text() {
    const std::lock_guard lock(mutex_);
    return text_;
  }
  size_t count(std::string_view what) {
    const std::string all = text();
    size_t n = 0;
    for (size_t at = all.find(what); at != std::string::npos; at = all.find(what, at + 1)) ++n;
    return n;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool closed_ = false;
  int waiting_ = 0;
  std::string text_;
};

const FixedClock fixed_clock;

TEST(LogStream, WritesALineInJsonAndFlushWaitsForIt) {
  Gate gate;
  LogStream log({}, fixed_clock, gate.sink());
  log.info("a.thing", "hello", {{"n", 1}});
  EXPECT_TRUE(log.flush(10s));
  EXPECT_THAT(gate.text(), HasSubstr("\"message\":\"hello\""));
}

TEST(LogStream, WritesNothingBelowItsLevelAndTheLevelMayChange) {
  Gate gate;
  LogStream log({}, fixed_clock, gate.sink());
  log.debug("a.thing", "first");
  log.set_level(Level::kDebug);
  log.debug("a.thing", "second");
  log.flush(10s);
  EXPECT_EQ(gate.count("first"), 0u);
  EXPECT_EQ(gate.count("second"), 1u);
}

TEST(LogStream, StopWritesWhatIsQueuedAndLaterLinesStillComeThrough) {
  Gate gate;
  LogStream log({}, fixed_clock, gate.sink());
  for (int i = 0; i < 100; ++i) log.info("a.thing", "early");
  log.stop();
  log.info("a.thing", "late");
  EXPECT_EQ(gate.count("early"), 100u);
  EXPECT_EQ(gate.count("late"), 1u);
}

TEST(LogStream, WhenFullDropsDebugThenInfoAndNeverWarn) {
  Gate gate;
  LogStream log({.level = Level::kDebug, .queue_max = 16, .full_wait_ms_max = 1}, fixed_clock,
                gate.sink());
  gate.close();
  log.info("a.thing", "taken by the writer");
  gate.wait_entered();
  for (int i = 0; i < 16; ++i) log.debug("a.thing", "detail");  // 12 fit
  for (int i = 0; i < 4; ++i) log.info("a.thing", "notice");    // 2 fit
  for (int i = 0; i < 2; ++i) log.warn("a.thing", "trouble");   // 2 fit
  auto direct = std::async(std::launch::async, [&] { log.error("a.thing", "disaster"); });
  gate.open();
  direct.get();
  log.stop();
  EXPECT_EQ(gate.count("\"detail\""), 12u);
  EXPECT_EQ(gate.count("\"notice\""), 2u);
  EXPECT_EQ(gate.count("\"trouble\""), 2u);
  EXPECT_EQ(gate.count("\"disaster\""), 1u);
  EXPECT_EQ(log.counts().dropped[0], 4u);
  EXPECT_EQ(log.counts().dropped[1], 2u);
  EXPECT_THAT(gate.text(), HasSubstr("\"event\":\"log.dropped\",\"dropped\":6"));
}

TEST(LogStream, CollapsesARepeatedErrorAndTellsHowMany) {
  Gate gate;
  LogStream log({}, fixed_clock, gate.sink());
  for (int i = 0; i < 30; ++i) log.error("a.thing", "again");
  for (int i = 0; i < 30; ++i) log.info("a.thing", "fine");
  log.stop();
  EXPECT_EQ(gate.count("\"again\""), 10u);
  EXPECT_EQ(gate.count("\"fine\""), 30u);
  EXPECT_THAT(gate.text(), HasSubstr("\"suppressed\":20"));
}

TEST(LogStream, KeepsTheOrderOfEachThreadAndLosesNoLineOfMany) {
  Gate gate;
  LogStream log({.queue_max = 100000}, fixed_clock, gate.sink());
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&log, t] {
      for (int i = 0; i < 500; ++i) log.info("a.thing", "busy", {{"thread", t}, {"i", i}});
    });
  }
  for (auto& thread : threads) thread.join();
  log.stop();
  EXPECT_EQ(gate.count("\"busy\""), 2000u);
  const std::string text = gate.text();
  for (int t = 0; t < 4; ++t) {
    const std::string mark = "\"thread\":" + std::to_string(t) + ",\"i\":";
    EXPECT_LT(text.find(mark + "0}"), text.find(mark + "250}"));
    EXPECT_LT(text.find(mark + "250}"), text.find(mark + "499}"));
  }
}

}  // namespace
}  // namespace gantry::observe
