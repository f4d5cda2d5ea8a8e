// The row and what an instance believes of it.
#include "core/consume/lease.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "tests/unit/consume/fleet.hpp"

namespace gantry::consume {
namespace {

constexpr Instant at(int64_t us) { return Instant(us); }

// "lost", "halted: …" or "" for what was written.
std::string outcome(const std::function<void()>& call) {
  try {
    call();
  } catch (const LeaseLost&) {
    return "lost";
  } catch (const Halt& halt) {
    return join("halted: ", halt.what());
  }
  return "";
}

class CheckpointTest : public testing::Test {
 protected:
  Claimed take(std::string_view instance, int64_t now, int64_t until, bool again = false) {
    return checkpoint.take(*rig.events.writer(), {instance, again, at(now), at(until)});
  }
  Standing row() { return checkpoint.read(*rig.events.reader()).value_or(Standing()); }
  std::string move(int64_t epoch, const Mark& from, const Mark& to, int64_t until = 0) {
    return outcome([&] {
      checkpoint.move(*rig.events.writer(), {epoch, from, to, at(1), at(until)});
    });
  }
  static Mark mark(log::Position position) { return {position, uuid5(Uuid(), to_text(position))}; }

  Rig rig;
  Checkpoint checkpoint{"one", 1};
};

TEST_F(CheckpointTest, IsMadeByTheFirstWhoTakesIt) {
  const Claimed claimed = take("a", 100, 200);
  EXPECT_TRUE(claimed.granted);
  EXPECT_EQ(claimed.row.mark, Mark());
  EXPECT_EQ(claimed.row.epoch, 1);
  EXPECT_EQ(claimed.row.instance, "a");
  EXPECT_EQ(claimed.row.lease_until, at(200));
}

TEST_F(CheckpointTest, IsNotGrantedToAnotherBeforeTheLeaseHasRunOut) {
  take("a", 100, 200);
  const Claimed refused = take("b", 200, 300);
  EXPECT_FALSE(refused.granted);
  EXPECT_EQ(refused.row.instance, "a");
  EXPECT_EQ(refused.row.epoch, 1);
  const Claimed granted = take("b", 201, 301);
  EXPECT_TRUE(granted.granted);
  EXPECT_EQ(granted.row.epoch, 2);
  EXPECT_EQ(granted.row.instance, "b");
}

TEST_F(CheckpointTest, IsGrantedAgainToItsOwnerOnlyWhenItAsksForThat) {
  take("a", 100, 200);
  EXPECT_FALSE(take("a", 110, 210).granted);
  EXPECT_TRUE(take("a", 110, 210, true).granted);
  EXPECT_EQ(row().epoch, 2);
}

TEST_F(CheckpointTest, ReleasedIsFreeAtOnceAndKeepsItsPosition) {
  take("a", 100, 200);
  ASSERT_EQ(move(1, {}, mark(5)), "");
  checkpoint.release(*rig.events.writer(), 1);
  EXPECT_EQ(row().instance, "");
  const Claimed granted = take("b", 101, 201);
  EXPECT_TRUE(granted.granted);
  EXPECT_EQ(granted.row.mark, mark(5));
}

TEST_F(CheckpointTest, ReleasingUnderAnOldEpochTakesNothingFromTheNewOwner) {
  take("a", 100, 200);
  take("b", 300, 400);
  checkpoint.release(*rig.events.writer(), 1);
  EXPECT_EQ(row().instance, "b");
}

// Goes red when move() does not compare the epoch.
TEST_F(CheckpointTest, DoesNotMoveUnderAnOldEpochThoughThePositionIsRight) {
  take("a", 100, 200);
  take("b", 300, 400);
  EXPECT_EQ(move(1, {}, mark(5)), "lost");
  EXPECT_EQ(row().mark, Mark());
  EXPECT_EQ(move(2, {}, mark(5)), "");
  EXPECT_EQ(row().mark, mark(5));
}

TEST_F(CheckpointTest, DoesNotMoveFromAnotherPosition) {
  take("a", 100, 200);
  ASSERT_EQ(move(1, {}, mark(5)), "");
  EXPECT_EQ(move(1, mark(4), mark(6)), "halted: fenced: the checkpoint is at position 5, not 4");
  EXPECT_EQ(row().mark, mark(5));
}

TEST_F(CheckpointTest, LastsLongerByAMoveOrARenewalAndNeverShorter) {
  take("a", 100, 200);
  ASSERT_EQ(move(1, {}, mark(5), 250), "");
  EXPECT_EQ(row().lease_until, at(250));
  ASSERT_EQ(move(1, mark(5), mark(6)), "");
  EXPECT_EQ(row().lease_until, at(250));
  EXPECT_TRUE(checkpoint.renew(*rig.events.writer(), 1, at(300)));
  EXPECT_TRUE(checkpoint.renew(*rig.events.writer(), 1, at(280)));
  EXPECT_EQ(row().lease_until, at(300));
  EXPECT_EQ(row().mark, mark(6));
}

TEST_F(CheckpointTest, IsNotRenewedOnceAnotherHasTakenItOrItWasFreed) {
  take("a", 100, 200);
  take("b", 300, 400);
  EXPECT_FALSE(checkpoint.renew(*rig.events.writer(), 1, at(500)));
  EXPECT_EQ(row().lease_until, at(400));
  checkpoint.release(*rig.events.writer(), 2);
  EXPECT_FALSE(checkpoint.renew(*rig.events.writer(), 2, at(500)));
}

TEST_F(CheckpointTest, IsGrantedToOneOfManyWhoWantItAtTheSameTime) {
  std::atomic<int> granted = 0;
  std::vector<std::thread> all;
  for (int i = 0; i < 4; ++i) {
    all.emplace_back([&, id = join("instance-", i)] {
      auto session = rig.events.writer();
      sql::Transaction transaction(*session);
      granted += checkpoint.take(*session, {id, false, at(100), at(200)}).granted ? 1 : 0;
      transaction.commit();
    });
  }
  for (auto& one : all) one.join();
  EXPECT_EQ(granted, 1);
  EXPECT_EQ(row().epoch, 1);
}

class LeaseTest : public testing::Test {
 protected:
  std::unique_ptr<Lease> of(const std::string& instance) {
    return std::make_unique<Lease>(
        checkpoint, [this]() -> sql::Database& { return rig.events; }, clock, instance, 1000);
  }
  Rig rig;
  ManualClock clock;
  Checkpoint checkpoint{"one", 1};
};

TEST_F(LeaseTest, IsReliedOnForATenthLessThanTheRowSays) {
  const auto lease = of("a");
  EXPECT_FALSE(lease->valid());
  lease->take();
  EXPECT_TRUE(lease->valid());
  clock.advance(899ms);
  EXPECT_TRUE(lease->valid());
  clock.advance(1ms);
  EXPECT_FALSE(lease->valid());
  EXPECT_TRUE(lease->held());
}

TEST_F(LeaseTest, IsDueForRenewalWhenAThirdIsOverAndIsGoodAgainAfterIt) {
  const auto lease = of("a");
  lease->take();
  EXPECT_FALSE(lease->renewal_due());
  clock.advance(5000ms);
  EXPECT_TRUE(lease->renewal_due());
  EXPECT_TRUE(lease->renew());
  EXPECT_TRUE(lease->valid());
  EXPECT_FALSE(lease->renewal_due());
  EXPECT_EQ(lease->epoch(), 1);
}

TEST_F(LeaseTest, IsLostWhenTheRowHasAnotherEpoch) {
  const auto lease = of("a"), other = of("b");
  lease->take();
  clock.advance(1001ms);
  other->take();
  EXPECT_TRUE(other->held());
  EXPECT_FALSE(lease->renew());
  EXPECT_FALSE(lease->held());
}

TEST_F(LeaseTest, CanBeTakenBackAtOnceAfterACrashButNotFromACopyOfOneself) {
  of("a")->take();
  const auto restarted = of("a");
  restarted->expect_own();
  restarted->take();
  EXPECT_TRUE(restarted->held());
  const auto copy = of("a");
  copy->expect_own();
  copy->take();
  EXPECT_TRUE(copy->held());
  EXPECT_FALSE(restarted->renew());
  EXPECT_EQ(restarted->take().epoch, 3);
  EXPECT_FALSE(restarted->held());
}

TEST_F(LeaseTest, AnAnswerThatWasLostIsAskedForAgain) {
  const auto lease = of("a");
  rig.events.faults.after_commit = [] { throw Error(Code::kDeadline, "no answer"); };
  EXPECT_THROW(lease->take(), Error);
  rig.events.faults.after_commit = [] {};
  lease->take();
  EXPECT_TRUE(lease->held());
}

TEST_F(LeaseTest, ShowsWhoElseHasItAndWhetherItIsFree) {
  const auto lease = of("a"), other = of("b");
  EXPECT_TRUE(other->look().free);
  lease->take();
  EXPECT_FALSE(other->look().free);
  EXPECT_EQ(other->holder(), "a");
  clock.advance(1001ms);
  EXPECT_TRUE(other->look().free);
  lease->release();
  EXPECT_TRUE(other->look().free);
  EXPECT_EQ(other->holder(), "");
  EXPECT_FALSE(lease->held());
}

}  // namespace
}  // namespace gantry::consume
