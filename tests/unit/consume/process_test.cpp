#include <gtest/gtest.h>

#include <future>
#include <map>
#include <set>
#include <thread>

#include "core/log/event_type.hpp"
#include "tests/unit/consume/rig.hpp"

namespace gantry::consume {
namespace {

using testing::HasSubstr;

constexpr const char* kOwner = "plugin";

// Remembers what a process was given, by stream.
class Witnessed {
 public:
  void note(const log::Event& event) {
    const std::lock_guard lock(mutex_);
    streams_[event.stream].push_back(event.version);
    ++count_;
  }
  std::vector<int64_t> of(const std::string& stream) {
    const std::lock_guard lock(mutex_);
    return streams_[stream];
  }
  int count() {
    const std::lock_guard lock(mutex_);
    return count_;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::vector<int64_t>> streams_;
  int count_ = 0;
};

class ProcessTest : public testing::Test {
 protected:
  explicit ProcessTest(const Limits& limits = quick_limits()) : rig(limits) {}

  void start(std::function<void(const log::Event&)> handle,
             std::vector<std::string> streams = {"*"}) {
    rig.consumers->add(kOwner, Process{"settle", {std::move(streams)}, std::move(handle)});
    rig.consumers->start(kOwner);
  }
  // Events round robin over streams s-0 … s-(streams-1).
  void add(int count, int streams) {
    for (int i = 0; i < count; ++i) rig.log.add(join("s-", i % streams));
  }
  bool reaches(log::Position position) {
    return rig.consumers->wait_for("settle", position, kLong);
  }
  bool stops() { return rig.consumers->stop(kOwner, kLong).empty(); }
  log::Position stored() { return rig.checkpoint(rig.events, "settle", 0).position; }

  Witnessed witnessed;
  Rig rig;
};

TEST_F(ProcessTest, GivesEachStreamInOrder) {
  start([&](const log::Event& event) { witnessed.note(event); });
  add(1000, 10);
  ASSERT_TRUE(reaches(1000));
  for (int s = 0; s < 10; ++s) EXPECT_EQ(witnessed.of(join("s-", s)), up_to(100));
}

TEST_F(ProcessTest, HandlesStreamsAtTheSameTimeAndOneStreamNever) {
  std::mutex mutex;
  std::set<std::string> busy;
  std::atomic<int> clashes = 0, together = 0;
  start([&](const log::Event& event) {
    {
      const std::lock_guard lock(mutex);
      if (!busy.insert(event.stream).second) ++clashes;
      if (busy.size() > 1) ++together;
    }
    for (int i = 0; i < 50; ++i) std::this_thread::yield();
    const std::lock_guard lock(mutex);
    busy.erase(event.stream);
  });
  add(400, 20);
  ASSERT_TRUE(reaches(400));
  EXPECT_EQ(clashes, 0);
  EXPECT_GT(together, 0);
}

TEST_F(ProcessTest, SeesOnlyWhatMatchesAndPassesTheRest) {
  start([&](const log::Event& event) { witnessed.note(event); }, {"s-1"});
  add(90, 3);
  ASSERT_TRUE(reaches(90));
  EXPECT_EQ(witnessed.count(), 30);
  EXPECT_TRUE(rig.eventually([&] { return stored() == 90; }));
}

TEST_F(ProcessTest, WritesItsCheckpointNowAndThenNotForEachEvent) {
  start([&](const log::Event& event) { witnessed.note(event); });
  add(3000, 10);
  ASSERT_TRUE(reaches(3000));
  EXPECT_TRUE(rig.eventually([&] { return stored() == 3000; }));
  EXPECT_LT(rig.events.faults.commits, 600);
}

TEST_F(ProcessTest, AFailingEventIsRetriedAndHoldsBackItsStreamOnly) {
  std::atomic<bool> broken = true;
  start([&](const log::Event& event) {
    if (event.stream == "s-1" && event.version == 2 && broken) throw std::runtime_error("not yet");
    witnessed.note(event);
  });
  add(300, 3);  // position 5 is the second event of s-1
  ASSERT_TRUE(rig.eventually(
      [&] { return witnessed.of("s-0").size() == 100 && witnessed.of("s-2").size() == 100; }));
  EXPECT_EQ(witnessed.of("s-1"), up_to(1));
  EXPECT_EQ(rig.status("settle").state, State::kRetrying);
  EXPECT_EQ(rig.status("settle").reason, "retrying at position 5: not yet");
  EXPECT_EQ(rig.status("settle").position, 4);
  broken = false;
  ASSERT_TRUE(reaches(300));
  EXPECT_EQ(witnessed.of("s-1"), up_to(100));
  EXPECT_TRUE(rig.becomes("settle", State::kRunning));
}

TEST_F(ProcessTest, AnEventOfAnUnknownTypeHoldsUpItsStreamOnlyAndIsNeverSkipped) {
  std::atomic<bool> known{false};
  start([&](const log::Event& event) {
    if (event.position == 2 && !known) throw log::UnknownType("nobody has registered it");
    witnessed.note(event);
  });
  add(20, 2);  // the odd positions are of s-0, the even ones of s-1
  ASSERT_TRUE(rig.becomes("settle", State::kRetrying));
  ASSERT_TRUE(Rig::eventually([&] { return witnessed.count() == 10; }));
  EXPECT_EQ(rig.status("settle").reason,
            "retrying at position 2: unknown_type: nobody has registered it");
  EXPECT_LT(rig.status("settle").position, 2);
  known = true;
  ASSERT_TRUE(reaches(20));
  EXPECT_EQ(witnessed.of("s-1"), up_to(10));
}

TEST_F(ProcessTest, AfterACrashBeginsAgainBelowTheFirstEventThatWasNotDone) {
  std::atomic<bool> broken = true;
  const auto handle = [&](const log::Event& event) {
    if (event.position == 5 && broken) throw Error(Code::kUnavailable, "provider");
    witnessed.note(event);
  };
  start(handle);
  add(20, 20);
  ASSERT_TRUE(rig.eventually([&] { return witnessed.count() == 19 && stored() == 4; }));
  rig.renew();
  broken = false;
  start(handle);
  ASSERT_TRUE(reaches(20));
  EXPECT_EQ(witnessed.count(), 19 + 16);  // 5 … 20 once more
}

TEST_F(ProcessTest, AfterAnOrderlyStopHandlesNothingTwice) {
  std::atomic<bool> broken = true;
  start([&](const log::Event& event) {
    if (event.position == 5 && broken) throw Error(Code::kUnavailable, "provider");
    witnessed.note(event);
  });
  add(20, 20);
  ASSERT_TRUE(rig.eventually([&] { return witnessed.count() == 19; }));
  ASSERT_TRUE(stops());
  EXPECT_EQ(stored(), 4);
  broken = false;
  add(10, 20);
  rig.consumers->start(kOwner);
  ASSERT_TRUE(reaches(30));
  EXPECT_EQ(witnessed.count(), 30);
}

TEST_F(ProcessTest, StopNamesTheOneThatIsStuckAndSucceedsOnceItReturns) {
  std::promise<void> begun, go;
  start([&](const log::Event& event) {
    if (event.position == 1) begun.set_value(), go.get_future().wait();
    witnessed.note(event);
  });
  rig.log.add("s-1");
  rig.log.add("s-1");
  begun.get_future().wait();
  EXPECT_EQ(rig.consumers->stop(kOwner, 1ms), std::vector<std::string>{"settle"});
  EXPECT_THROW(rig.consumers->start(kOwner), Error);
  go.set_value();
  EXPECT_TRUE(stops());
  EXPECT_EQ(witnessed.count(), 1);
  EXPECT_EQ(stored(), 1);
  rig.consumers->start(kOwner);
  ASSERT_TRUE(reaches(2));
  EXPECT_EQ(witnessed.of("s-1"), up_to(2));
}

TEST_F(ProcessTest, GoesOnWorkingWhileItsCheckpointCannotBeWritten) {
  const auto told = std::make_shared<std::atomic<bool>>(false);  // second owner: the database
  std::atomic<bool>& away = *told;
  rig.events.faults.on_writer = [told] {
    if (*told) throw Error(Code::kUnavailable, "away");
  };
  start([&](const log::Event& event) { witnessed.note(event); });
  add(10, 5);
  ASSERT_TRUE(rig.eventually([&] { return stored() == 10; }));
  away = true;
  add(10, 5);
  ASSERT_TRUE(reaches(20));
  ASSERT_TRUE(rig.becomes("settle", State::kRetrying));
  away = false;
  EXPECT_TRUE(rig.eventually([&] { return stored() == 20; }));
  EXPECT_TRUE(rig.becomes("settle", State::kRunning));
  EXPECT_EQ(witnessed.count(), 20);
  rig.consumers.reset();  // before `away` goes
}

TEST_F(ProcessTest, WritesItsCheckpointAgainWhenTheCommitFailed) {
  std::atomic<int> commits = 0;
  rig.events.faults.before_commit = [&] {
    if (++commits % 3 == 0) throw Error(Code::kUnavailable, "disk full");
  };
  start([&](const log::Event& event) { witnessed.note(event); });
  for (int i = 1; i <= 30; ++i) {
    add(1, 1);
    ASSERT_TRUE(rig.eventually([&] { return stored() == i; }));
  }
  EXPECT_EQ(witnessed.count(), 30);
  rig.consumers.reset();  // before `commits` goes
}

TEST_F(ProcessTest, GoesOnWhenTheAnswerToTheCommitOfItsCheckpointIsLost) {
  std::atomic<int> commits = 0;
  rig.events.faults.after_commit = [&] {
    if (++commits % 3 == 0) throw Error(Code::kUnavailable, "no answer");
  };
  start([&](const log::Event& event) { witnessed.note(event); });
  for (int i = 1; i <= 30; ++i) {
    add(1, 1);
    ASSERT_TRUE(rig.eventually([&] { return stored() == i; }));
  }
  EXPECT_TRUE(rig.becomes("settle", State::kRunning));
  EXPECT_EQ(witnessed.count(), 30);
  rig.consumers.reset();  // before `commits` goes
}

TEST_F(ProcessTest, HandlesNothingTwiceWhenItStopsBeforeItKnowsWhetherItsCheckpointWasWritten) {
  std::atomic<bool> broken = true, breaks = true, away = false;
  rig.events.faults.after_commit = [&] {
    if (!breaks || stored() <= 1) return;
    away = true;
    throw Error(Code::kUnavailable, "no answer");
  };
  rig.events.faults.on_writer = [&] {
    if (away) throw Error(Code::kUnavailable, "away");
  };
  start([&](const log::Event& event) {
    if (event.position == 5 && broken) throw Error(Code::kUnavailable, "provider");
    witnessed.note(event);
  });
  add(1, 20);
  ASSERT_TRUE(rig.eventually([&] { return stored() == 1; }));
  add(19, 20);
  ASSERT_TRUE(rig.eventually([&] { return away && witnessed.count() == 19; }));
  ASSERT_TRUE(stops());
  EXPECT_GT(stored(), 1);
  broken = breaks = away = false;
  rig.consumers->start(kOwner);
  ASSERT_TRUE(reaches(20));
  EXPECT_EQ(witnessed.count(), 20);
  rig.consumers.reset();  // before `away` goes
}

// ---- guards

TEST_F(ProcessTest, HaltsWhenSomebodyElseMovedTheCheckpoint) {
  start([&](const log::Event& event) { witnessed.note(event); });
  add(10, 5);
  ASSERT_TRUE(rig.eventually([&] { return stored() == 10; }));
  rig.events.writer()->exec("UPDATE es_checkpoint SET position = 7");
  add(1, 1);
  ASSERT_TRUE(rig.becomes("settle", State::kHalted));
  EXPECT_EQ(rig.status("settle").reason, "fenced: the checkpoint is at position 7, not 10");
  EXPECT_TRUE(stops());
}

TEST_F(ProcessTest, HaltsWhenTheLogIsNotTheOneItHasRead) {
  start([&](const log::Event& event) { witnessed.note(event); });
  add(10, 5);
  ASSERT_TRUE(rig.eventually([&] { return stored() == 10; }));
  rig.renew();
  rig.log.replace(10);
  add(5, 5);
  start([&](const log::Event& event) { witnessed.note(event); });
  ASSERT_TRUE(rig.becomes("settle", State::kHalted));
  EXPECT_THAT(rig.status("settle").reason, HasSubstr("log diverged at position 10"));
  EXPECT_EQ(witnessed.count(), 10);
}

// ---- bounds

Limits narrow_limits() {
  Limits limits = quick_limits();
  limits.lanes = 1;
  limits.lane_queue_max = 4;
  return limits;
}

class NarrowProcessTest : public ProcessTest {
 protected:
  NarrowProcessTest() : ProcessTest(narrow_limits()) {}
};

TEST_F(NarrowProcessTest, LosesNothingWhenItsLaneIsFullAllTheTime) {
  start([&](const log::Event& event) { witnessed.note(event); });
  add(2000, 4);
  ASSERT_TRUE(reaches(2000));
  for (int s = 0; s < 4; ++s) EXPECT_EQ(witnessed.of(join("s-", s)), up_to(500));
}

TEST_F(NarrowProcessTest, OtherStreamsOfTheSameLaneFlowPastAFailingOne) {
  std::atomic<bool> broken = true;
  start([&](const log::Event& event) {
    if (event.stream == "s-bad" && broken) throw std::runtime_error("not yet");
    witnessed.note(event);
  });
  rig.log.add("s-bad");
  add(500, 2);
  ASSERT_TRUE(rig.eventually([&] { return witnessed.count() == 500; }));
  broken = false;
  EXPECT_TRUE(reaches(501));
}

TEST_F(NarrowProcessTest, PausesReadingWhenTooManyWaitBehindAFailingEvent) {
  std::atomic<bool> broken = true;
  start([&](const log::Event& event) {
    if (event.stream == "s-bad" && broken) throw std::runtime_error("not yet");
    witnessed.note(event);
  });
  for (int i = 0; i < 10; ++i) rig.log.add("s-bad");
  ASSERT_TRUE(rig.becomes("settle", State::kRetrying));
  broken = false;
  ASSERT_TRUE(reaches(10));
  EXPECT_EQ(witnessed.of("s-bad"), up_to(10));
}

}  // namespace
}  // namespace gantry::consume
