// Several instances over the same databases: each consumer runs on one of them, and one that stood
// still does no damage.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <map>

#include "tests/unit/consume/fleet.hpp"

namespace gantry::consume {
namespace {

using testing::HasSubstr;

constexpr const char* kOwner = "plugin";

class InstancesTest : public testing::Test {
 protected:
  void project(Instance& instance) {
    instance.consumers.add(kOwner, fleet.rig.seen());
    instance.consumers.start(kOwner);
  }
  void process(Instance& instance, std::function<void(const log::Event&)> handle) {
    instance.consumers.add(kOwner, Process{"act", {{"*"}}, std::move(handle)});
    instance.consumers.start(kOwner);
  }
  void add(int count, const std::string& stream = "a-1") {
    for (int i = 0; i < count; ++i) fleet.rig.log.add(stream);
  }
  Standing seen() { return fleet.standing(fleet.rig.projections, "seen", 1); }
  Standing act() { return fleet.standing(fleet.rig.events, "act", 0); }
  static bool eventually(const std::function<bool()>& is) { return Rig::eventually(is); }

  Fleet fleet{2};
  Instance& one = fleet[0];
  Instance& two = fleet[1];
};

TEST_F(InstancesTest, OneRunsAProjectionAndTheOtherStandsBy) {
  project(one);
  ASSERT_TRUE(eventually([&] { return seen().instance == "instance-0"; }));
  project(two);
  ASSERT_TRUE(two.becomes("seen", State::kStandby));
  add(10);
  ASSERT_TRUE(one.consumers.wait_for("seen", 10, kLong));
  EXPECT_EQ(fleet.rig.rows(), up_to(10));
  EXPECT_EQ(one.status("seen").state, State::kRunning);
  EXPECT_EQ(two.status("seen").reason, "runs on instance instance-0");
  EXPECT_EQ(two.status("seen").instance, "instance-0");
  EXPECT_EQ(two.status("seen").lease_epoch, 1);
  EXPECT_TRUE(eventually([&] { return two.consumers.position("seen") == 10; }));
}

TEST_F(InstancesTest, MetricsSayWhereAConsumerRunsAndUnderWhichEpoch) {
  project(one);
  ASSERT_TRUE(eventually([&] { return seen().instance == "instance-0"; }));
  project(two);
  ASSERT_TRUE(two.becomes("seen", State::kStandby));
  const std::string labels = "{group=\"seen\",topic=\"log\"} ";
  EXPECT_THAT(one.metrics.text(), HasSubstr("event_bus_consumer_lease_held" + labels + "1"));
  EXPECT_THAT(two.metrics.text(), HasSubstr("event_bus_consumer_lease_held" + labels + "0"));
  EXPECT_THAT(two.metrics.text(), HasSubstr("event_bus_consumer_lease_epoch" + labels + "1"));
}

TEST_F(InstancesTest, AnotherTakesOverAfterALeaseOfSilenceAndTheOldOwnerWritesNothing) {
  project(one);
  ASSERT_TRUE(eventually([&] { return seen().instance == "instance-0"; }));
  project(two);
  add(5);
  ASSERT_TRUE(one.consumers.wait_for("seen", 5, kLong));
  one.gate.shut();
  fleet.clock.advance(3 * fleet.lease());
  ASSERT_TRUE(eventually([&] { return seen().instance == "instance-1"; }));
  add(5);
  ASSERT_TRUE(two.consumers.wait_for("seen", 10, kLong));
  one.gate.open();
  ASSERT_TRUE(one.becomes("seen", State::kStandby));
  add(5);
  ASSERT_TRUE(one.consumers.wait_for("seen", 15, kLong));
  EXPECT_EQ(fleet.rig.rows(), up_to(15));
  EXPECT_EQ(seen().epoch, 2);
}

TEST_F(InstancesTest, AnOwnerThatIsHeardOfKeepsItsLeaseForEver) {
  project(one);
  ASSERT_TRUE(eventually([&] { return seen().instance == "instance-0"; }));
  project(two);
  for (int i = 0; i < 20; ++i) {
    const Instant before = seen().lease_until;
    fleet.clock.advance(fleet.lease() / 2);
    ASSERT_TRUE(eventually([&] { return seen().lease_until > before; }));
  }
  EXPECT_EQ(seen().epoch, 1);
}

// The epoch is all that tells: position and witness are the ones the old owner knows.
TEST_F(InstancesTest, AnOwnerWhoseLeaseWasTakenWritesNoRow) {
  project(one);
  ASSERT_TRUE(one.becomes("seen", State::kRunning));
  add(5);
  ASSERT_TRUE(one.consumers.wait_for("seen", 5, kLong));
  fleet.steal(fleet.rig.projections, "seen");
  add(5);
  ASSERT_TRUE(one.becomes("seen", State::kStandby));
  EXPECT_EQ(one.status("seen").instance, "thief");
  EXPECT_EQ(fleet.rig.rows(), up_to(5));
  EXPECT_EQ(seen().mark.position, 5);
  fleet.clock.advance(fleet.lease() + 1ms);
  ASSERT_TRUE(one.consumers.wait_for("seen", 10, kLong));
  EXPECT_EQ(fleet.rig.rows(), up_to(10));
  EXPECT_EQ(seen().epoch, 3);
}

TEST_F(InstancesTest, AStopHandsOverAtOnce) {
  project(one);
  ASSERT_TRUE(eventually([&] { return seen().instance == "instance-0"; }));
  project(two);
  ASSERT_TRUE(two.becomes("seen", State::kStandby));
  ASSERT_TRUE(one.consumers.stop(kOwner, kLong).empty());
  ASSERT_TRUE(two.becomes("seen", State::kRunning));
  add(3);
  ASSERT_TRUE(two.consumers.wait_for("seen", 3, kLong));
  one.consumers.start(kOwner);
  ASSERT_TRUE(one.becomes("seen", State::kStandby));
  EXPECT_EQ(fleet.rig.rows(), up_to(3));
}

TEST_F(InstancesTest, OneThatStandsByStops) {
  project(one);
  ASSERT_TRUE(eventually([&] { return seen().instance == "instance-0"; }));
  project(two);
  process(fleet.add("third"), [](const log::Event&) {});
  ASSERT_TRUE(two.becomes("seen", State::kStandby));
  EXPECT_TRUE(two.consumers.stop(kOwner, kLong).empty());
  EXPECT_EQ(two.status("seen").state, State::kStopped);
  EXPECT_EQ(seen().instance, "instance-0");
  two.consumers.remove(kOwner);
}

TEST_F(InstancesTest, AServerThatCrashedTakesItsOwnLeaseBackAtOnce) {
  Checkpoint("seen", 1).take(
      *fleet.rig.projections.writer(),
      {"instance-0", false, fleet.clock.now(), fleet.clock.now() + fleet.lease()});
  project(two);
  ASSERT_TRUE(two.becomes("seen", State::kStandby));
  project(one);
  ASSERT_TRUE(eventually([&] { return seen().epoch == 2; }));
  EXPECT_EQ(seen().instance, "instance-0");
}

TEST_F(InstancesTest, AnotherLogThanTheOneItKnowsHaltsWhoeverTakesOver) {
  project(one);
  add(5);
  ASSERT_TRUE(one.consumers.wait_for("seen", 5, kLong));
  ASSERT_TRUE(one.consumers.stop(kOwner, kLong).empty());
  fleet.rig.log.replace(5);
  project(two);
  ASSERT_TRUE(two.becomes("seen", State::kHalted));
  EXPECT_THAT(two.status("seen").reason, HasSubstr("log diverged at position 5"));
  EXPECT_TRUE(eventually([&] { return seen().instance.empty(); }));
}

// ---- those who wait where it does not run

TEST(StandbyTest, ThoseWhoWaitAreServedThoughItIsSeldomLookedAt) {
  Limits limits = fleet_limits();
  limits.standby_poll_ms = 60000;
  Fleet fleet(2, limits);
  fleet[0].consumers.add(kOwner, fleet.rig.seen());
  fleet[0].consumers.start(kOwner);
  ASSERT_TRUE(fleet[0].becomes("seen", State::kRunning));
  ASSERT_TRUE(
      Rig::eventually([&] { return fleet.standing(fleet.rig.projections, "seen", 1).epoch == 1; }));
  fleet[1].consumers.add(kOwner, fleet.rig.seen());
  fleet[1].consumers.start(kOwner);
  ASSERT_TRUE(fleet[1].becomes("seen", State::kStandby));
  for (int i = 1; i <= 20; ++i) {
    std::promise<size_t> rows;
    fleet[1].consumers.when("seen", 2 * i - 1, 20000, [&](bool reached) {
      rows.set_value(reached ? fleet.rig.rows().size() : 0);
    });
    fleet.rig.log.add("a-1");
    EXPECT_EQ(rows.get_future().get(), static_cast<size_t>(2 * i - 1));
    auto waiting = std::async(std::launch::async,
                              [&] { return fleet[1].consumers.wait_for("seen", 2 * i, kLong); });
    fleet.rig.log.add("a-1");
    EXPECT_TRUE(waiting.get());
  }
}

// ---- processes

TEST_F(InstancesTest, AProcessThatStoodStillBeginsNoEventAnotherInstanceHasTaken) {
  std::promise<void> begun;
  Gate inside;
  std::atomic<int> first = 0;
  inside.shut();
  process(one, [&](const log::Event&) {
    if (first++ == 0) begun.set_value();
    inside.pass();
  });
  ASSERT_TRUE(eventually([&] { return act().instance == "instance-0"; }));
  add(3);
  begun.get_future().wait();
  one.gate.shut();
  fleet.clock.advance(3 * fleet.lease());
  std::mutex mutex;
  std::vector<int64_t> second;
  process(two, [&](const log::Event& event) {
    const std::lock_guard lock(mutex);
    second.push_back(event.version);
  });
  ASSERT_TRUE(two.consumers.wait_for("act", 3, kLong));
  inside.open();  // its first event ends, its database still does not answer
  EXPECT_TRUE(eventually([&] { return one.consumers.position("act") == 1; }));
  one.gate.open();
  ASSERT_TRUE(one.becomes("act", State::kStandby));
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, up_to(3));
  EXPECT_EQ(act().instance, "instance-1");
  fleet.members.clear();  // before what the handlers use goes
}

TEST_F(InstancesTest, AProcessThatStoodStillAloneGoesOnUnderTheSameEpoch) {
  std::promise<void> begun;
  Gate inside;
  std::atomic<int> handled = 0;
  inside.shut();
  process(one, [&](const log::Event&) {
    if (handled++ == 0) begun.set_value();
    inside.pass();
  });
  add(3);
  begun.get_future().wait();
  one.gate.shut();
  fleet.clock.advance(3 * fleet.lease());
  inside.open();
  ASSERT_TRUE(one.becomes("act", State::kRetrying));
  EXPECT_EQ(one.status("act").reason, "the lease has run out and is not renewed yet");
  EXPECT_EQ(handled, 1);
  one.gate.open();
  ASSERT_TRUE(one.consumers.wait_for("act", 3, kLong));
  EXPECT_EQ(handled, 3);
  EXPECT_EQ(act().epoch, 1);
  EXPECT_TRUE(one.becomes("act", State::kRunning));
  fleet.members.clear();  // before what the handlers use goes
}

TEST_F(InstancesTest, AProcessIsHandedOverByAStopWithNothingDoneTwice) {
  std::mutex mutex;
  std::vector<int64_t> versions;
  const auto note = [&](const log::Event& event) {
    const std::lock_guard lock(mutex);
    versions.push_back(event.version);
  };
  process(one, note);
  ASSERT_TRUE(eventually([&] { return act().instance == "instance-0"; }));
  process(two, note);
  add(10);
  ASSERT_TRUE(one.consumers.wait_for("act", 10, kLong));
  ASSERT_TRUE(one.consumers.stop(kOwner, kLong).empty());
  ASSERT_TRUE(two.becomes("act", State::kRunning));
  add(10);
  ASSERT_TRUE(two.consumers.wait_for("act", 20, kLong));
  ASSERT_TRUE(two.consumers.stop(kOwner, kLong).empty());
  one.consumers.start(kOwner);
  add(10);
  ASSERT_TRUE(one.consumers.wait_for("act", 30, kLong));
  EXPECT_EQ(versions, up_to(30));
  fleet.members.clear();  // before what the handlers use goes
}

TEST_F(InstancesTest, AProcessWhoseLeaseWasTakenForgetsWhatItHadReadAndBeginsAtTheRowLater) {
  std::atomic<bool> broken = true;
  std::mutex mutex;
  std::map<std::string, std::vector<int64_t>> done;
  process(one, [&](const log::Event& event) {
    if (event.stream == "bad-1" && broken) throw std::runtime_error("not yet");
    const std::lock_guard lock(mutex);
    done[event.stream].push_back(event.version);
  });
  add(1, "bad-1");
  add(3, "good-1");
  ASSERT_TRUE(one.becomes("act", State::kRetrying));
  fleet.steal(fleet.rig.events, "act");
  fleet.clock.advance(fleet.lease() / 2);
  ASSERT_TRUE(one.becomes("act", State::kStandby));
  broken = false;
  fleet.clock.advance(fleet.lease() + 1ms);
  ASSERT_TRUE(one.consumers.wait_for("act", 4, kLong));
  EXPECT_EQ(done["bad-1"], up_to(1));
  EXPECT_EQ(act().epoch, 3);
  fleet.members.clear();  // before what the handlers use goes
}

}  // namespace
}  // namespace gantry::consume
