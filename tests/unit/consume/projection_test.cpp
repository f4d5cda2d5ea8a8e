#include <gtest/gtest.h>

#include <future>

#include "core/log/event_type.hpp"
#include "tests/unit/consume/rig.hpp"

namespace gantry::consume {
namespace {

using testing::HasSubstr;

constexpr const char* kOwner = "plugin";

class ProjectionTest : public testing::Test {
 protected:
  void start(Projection projection) {
    rig.consumers->add(kOwner, std::move(projection));
    rig.consumers->start(kOwner);
  }
  void add(int count, const std::string& stream = "a-1") {
    for (int i = 0; i < count; ++i) rig.log.add(stream);
  }
  bool reaches(log::Position position) { return rig.consumers->wait_for("seen", position, kLong); }
  bool stops() { return rig.consumers->stop(kOwner, kLong).empty(); }

  Rig rig;
};

TEST_F(ProjectionTest, WritesEachEventOnceAndKeepsItsCheckpointBesideTheRows) {
  add(1200);
  start(rig.seen());
  ASSERT_TRUE(reaches(1200));
  EXPECT_EQ(rig.rows(), up_to(1200));
  EXPECT_EQ(rig.checkpoint(rig.projections, "seen", 1), mark_of(*rig.log.read(1199, 1).front()));
  EXPECT_LT(rig.projections.faults.commits, 100);  // batches, not single events
}

TEST_F(ProjectionTest, GoesOnWhereItWasAfterACrash) {
  add(10);
  start(rig.seen());
  ASSERT_TRUE(reaches(10));
  rig.renew();
  add(10);
  start(rig.seen());
  ASSERT_TRUE(reaches(20));
  EXPECT_EQ(rig.rows(), up_to(20));
}

TEST_F(ProjectionTest, PassesEventsThatDoNotMatchAlmostForFree) {
  start(rig.seen({"b-*"}));
  add(5000);
  ASSERT_TRUE(reaches(5000));
  EXPECT_TRUE(stops());
  EXPECT_TRUE(rig.rows().empty());
  EXPECT_EQ(rig.checkpoint(rig.projections, "seen", 1).position, 5000);
  EXPECT_LT(rig.projections.faults.commits, 500);
}

TEST_F(ProjectionTest, WritesACheckpointOverEventsThatDoNotMatchWithoutBeingStopped) {
  start(rig.seen({"b-*"}));
  add(3);
  EXPECT_TRUE(
      rig.eventually([&] { return rig.checkpoint(rig.projections, "seen", 1).position == 3; }));
}

TEST_F(ProjectionTest, FindsTheEventThatFailsAndNeverSkipsIt) {
  std::atomic<bool> broken = true;
  Projection projection = rig.seen();
  projection.apply = [&, write = projection.apply](const log::Event& event, sql::Session& session) {
    write(event, session);
    if (event.position == 5 && broken) throw std::runtime_error("cannot read it");
  };
  add(10);
  start(std::move(projection));
  ASSERT_TRUE(rig.eventually(
      [&] { return rig.status("seen").reason == "retrying at position 5: cannot read it"; }));
  EXPECT_EQ(rig.status("seen").state, State::kRetrying);
  EXPECT_EQ(rig.status("seen").position, 4);
  EXPECT_EQ(rig.status("seen").lag, 6);
  EXPECT_EQ(rig.rows(), up_to(4));
  broken = false;
  ASSERT_TRUE(reaches(10));
  EXPECT_TRUE(rig.becomes("seen", State::kRunning));
  EXPECT_EQ(rig.status("seen").reason, "");
  EXPECT_EQ(rig.rows(), up_to(10));
}

TEST_F(ProjectionTest, HaltsBeforeAnEventOfAnUnknownTypeUntilItIsKnown) {
  std::atomic<bool> known = false;
  Projection projection = rig.seen();
  projection.apply = [&, write = projection.apply](const log::Event& event, sql::Session& session) {
    if (event.position == 5 && !known) throw log::UnknownType("nobody has registered it");
    write(event, session);
  };
  add(10);
  start(std::move(projection));
  ASSERT_TRUE(rig.eventually([&] {
    return rig.status("seen").reason ==
           "retrying at position 5: unknown_type: nobody has registered it";
  }));
  EXPECT_EQ(rig.rows(), up_to(4));
  known = true;
  ASSERT_TRUE(reaches(10));
  EXPECT_EQ(rig.rows(), up_to(10));
}

TEST_F(ProjectionTest, StopsWhileAnEventFails) {
  Projection projection = rig.seen();
  projection.apply = [](const log::Event&, sql::Session&) { throw 1; };
  add(1);
  start(std::move(projection));
  ASSERT_TRUE(rig.becomes("seen", State::kRetrying));
  EXPECT_TRUE(stops());
  EXPECT_EQ(rig.status("seen").state, State::kStopped);
}

TEST_F(ProjectionTest, StaysOutOfTheWayOfAnotherOwnerThatFails) {
  Projection bad = rig.seen();
  bad.name = "bad";
  bad.apply = [](const log::Event&, sql::Session&) { throw Error(Code::kInvalid, "no"); };
  rig.consumers->add("other", bad);
  rig.consumers->start("other");
  start(rig.seen());
  add(100);
  EXPECT_TRUE(reaches(100));
  EXPECT_EQ(rig.status("bad").position, 0);
}

TEST_F(ProjectionTest, WaitsForADatabaseThatIsAwayAndLosesNothing) {
  const auto told = std::make_shared<std::atomic<bool>>(true);  // second owner: the database
  std::atomic<bool>& away = *told;
  rig.projections.faults.on_writer = [told] {
    if (*told) throw Error(Code::kUnavailable, "away");
  };
  add(10);
  start(rig.seen());
  ASSERT_TRUE(rig.becomes("seen", State::kRetrying));
  EXPECT_THAT(rig.status("seen").reason, HasSubstr("unavailable: away"));
  away = false;
  ASSERT_TRUE(reaches(10));
  away = true;
  add(10);
  ASSERT_TRUE(rig.becomes("seen", State::kRetrying));
  away = false;
  ASSERT_TRUE(reaches(20));
  EXPECT_EQ(rig.rows(), up_to(20));
  rig.consumers.reset();  // before `away` goes
}

// ---- guards: each of these fails when its guard is taken out

TEST_F(ProjectionTest, HaltsWhenSomebodyElseMovedTheCheckpoint) {
  add(10);
  start(rig.seen());
  ASSERT_TRUE(reaches(10));
  rig.projections.writer()->exec("UPDATE es_checkpoint SET position = 7");
  add(1);
  ASSERT_TRUE(rig.becomes("seen", State::kHalted));
  EXPECT_EQ(rig.status("seen").reason, "fenced: the checkpoint is at position 7, not 10");
  EXPECT_EQ(rig.rows(), up_to(10));
}

TEST_F(ProjectionTest, HaltsWhenTheLogIsNotTheOneItHasRead) {
  add(10);
  start(rig.seen());
  ASSERT_TRUE(reaches(10));
  rig.renew();
  rig.log.replace(10);
  add(5);
  start(rig.seen());
  ASSERT_TRUE(rig.becomes("seen", State::kHalted));
  EXPECT_THAT(rig.status("seen").reason, HasSubstr("log diverged at position 10"));
  EXPECT_EQ(rig.rows(), up_to(10));
}

TEST_F(ProjectionTest, HaltsWhenTheLogEndsBeforeItsCheckpoint) {
  add(10);
  start(rig.seen());
  ASSERT_TRUE(reaches(10));
  rig.renew();
  rig.log.cut_to(8);
  start(rig.seen());
  ASSERT_TRUE(rig.becomes("seen", State::kHalted));
  EXPECT_THAT(rig.status("seen").reason, HasSubstr("log diverged at position 10"));
}

TEST_F(ProjectionTest, HaltsBeforeWhatIsDamaged) {
  add(10);
  rig.log.damage(7);
  start(rig.seen());
  ASSERT_TRUE(rig.becomes("seen", State::kHalted));
  EXPECT_THAT(rig.status("seen").reason, HasSubstr("the event at position 7 is damaged"));
}

TEST_F(ProjectionTest, RowsAndCheckpointAgreeAtEveryCommit) {
  std::atomic<int> differing = 0;
  const auto compare = [&] {
    rig.projections.reader()->query(
        "SELECT (SELECT count(*) FROM seen) - (SELECT position FROM es_checkpoint)", {},
        [&](const sql::Row& row) {
          differing += std::get<int64_t>(row[0]) == 0 ? 0 : 1;
          return true;
        });
  };
  rig.projections.faults.after_commit = compare;
  start(rig.seen());
  add(300);
  ASSERT_TRUE(reaches(300));
  EXPECT_EQ(differing, 0);
  rig.consumers.reset();  // before `differing` goes
}

TEST_F(ProjectionTest, AFailedCommitTakesBackRowsAndCheckpoint) {
  std::atomic<int> commits = 0;
  rig.projections.faults.before_commit = [&] {
    if (++commits % 3 == 0) throw Error(Code::kUnavailable, "disk full");
  };
  start(rig.seen());
  for (int i = 1; i <= 30; ++i) {
    add(1);
    ASSERT_TRUE(reaches(i));
  }
  EXPECT_EQ(rig.rows(), up_to(30));
  rig.consumers.reset();  // before `commits` goes
}

TEST_F(ProjectionTest, ACommitThatOnlySeemedToFailIsNotDoneAgain) {
  std::atomic<int> commits = 0;
  rig.projections.faults.after_commit = [&] {
    if (++commits % 3 == 0) throw Error(Code::kDeadline, "no answer");
  };
  start(rig.seen());
  for (int i = 1; i <= 30; ++i) {
    add(1);
    ASSERT_TRUE(reaches(i));
  }
  EXPECT_EQ(rig.rows(), up_to(30));
  rig.consumers.reset();  // before `commits` goes
}

// ---- stopping

TEST_F(ProjectionTest, StopNamesTheOneThatIsStuckAndSucceedsOnceItReturns) {
  std::promise<void> begun, go;
  Projection projection = rig.seen();
  projection.apply = [&, write = projection.apply](const log::Event& event, sql::Session& session) {
    if (event.position == 1) begun.set_value(), go.get_future().wait();
    write(event, session);
  };
  add(1);
  start(std::move(projection));
  begun.get_future().wait();
  EXPECT_EQ(rig.consumers->stop(kOwner, 1ms), std::vector<std::string>{"seen"});
  EXPECT_EQ(rig.status("seen").state, State::kStopping);
  EXPECT_THROW(rig.consumers->start(kOwner), Error);
  EXPECT_THROW(rig.consumers->remove(kOwner), Error);
  go.set_value();
  EXPECT_TRUE(stops());
  EXPECT_EQ(rig.rows(), up_to(1));  // what was under way was finished
}

TEST_F(ProjectionTest, CallsNothingAfterStopAndMissesNothingAfterStart) {
  start(rig.seen());
  add(5);
  ASSERT_TRUE(reaches(5));
  EXPECT_TRUE(stops());
  add(5);
  EXPECT_FALSE(rig.consumers->wait_for("seen", 6, 1ms));
  rig.consumers->start(kOwner);
  ASSERT_TRUE(reaches(10));
  EXPECT_EQ(rig.rows(), up_to(10));
}

}  // namespace
}  // namespace gantry::consume
