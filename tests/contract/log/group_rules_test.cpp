// What a group decides, without a database: the guards that hold whatever the callers believe.
#include <gmock/gmock.h>

#include "core/log/group.hpp"
#include "core/log/timer_events.hpp"
#include "tests/contract/log/fixture.hpp"

namespace gantry::log::test {
namespace {

DueTimer due(std::string key, int64_t revision = 1) {
  return {"hold-1", std::move(key), revision, {}};
}

QueuedUnit firing(const DueTimer& timer) {
  QueuedUnit queued;
  queued.fires = timer;
  return queued;
}
QueuedUnit queued(Unit given) {
  QueuedUnit one;
  one.ids = event_ids(given);
  one.unit = std::move(given);
  return one;
}

// Nothing is stored yet; every timer asked for is pending and due.
Facts facts_for(const Questions& questions) {
  Facts facts;
  facts.streams.resize(questions.streams.size());
  facts.events.resize(questions.events.size());
  facts.answers.resize(questions.scopes.size());
  facts.timers.assign(questions.timers.size(), "{}");
  return facts;
}
void decide(Group& group, const Facts& facts) {
  group.decide(facts, [](Position, uint32_t) { return std::vector<EventPtr>(); });
}

TEST(FiringATimer, WritesNothingWhenItIsNoLongerAsItWasRead) {
  const std::vector<QueuedUnit> units = {firing(due("expiry"))};
  Group group(units.data(), units.size());
  Facts facts = facts_for(group.questions());
  facts.timers[0] = std::nullopt;
  decide(group, facts);
  EXPECT_TRUE(group.changes().empty());
  EXPECT_EQ(group.outcomes()[0].code, Code::kOk);
}

TEST(FiringATimer, TwiceInOneGroupAppendsOneEvent) {
  const std::vector<QueuedUnit> units = {firing(due("expiry")), firing(due("expiry"))};
  Group group(units.data(), units.size());
  decide(group, facts_for(group.questions()));
  EXPECT_EQ(group.changes().events.size(), 1u);
}

TEST(FiringATimer, GivesWayToAUnitOfTheSameGroupThatMovedOrCancelledIt) {
  Unit cancels = unit(1);
  cancels.timers_cancelled.push_back({"hold-1", "a"});
  Unit moves = unit(2);
  moves.timers_set.push_back({"hold-1", "b", Instant(7), "{}"});
  std::vector<QueuedUnit> units;
  units.push_back(queued(cancels));
  units.push_back(queued(moves));
  units.push_back(firing(due("a")));
  units.push_back(firing(due("b")));
  units.push_back(firing(due("c")));
  Group group(units.data(), units.size());
  decide(group, facts_for(group.questions()));
  EXPECT_EQ(group.changes().events.size(), 1u) << "only c, which nobody touched";
}

TEST(FiringATimer, MakesADifferentEventForEachRevision) {
  EXPECT_NE(fired_id(due("expiry", 1)), fired_id(due("expiry", 2)));
  EXPECT_EQ(fired_id(due("expiry", 1)), fired_id(due("expiry", 1)));
}

TEST(ARefusedUnit, LeavesNothingBehindForItsNeighbours) {
  std::vector<QueuedUnit> units;
  units.push_back(queued(unit(1, {to("cart-1", kAbsent), to("cart-2", 5)})));
  units.push_back(queued(unit(2, {to("cart-1", kAbsent)})));
  Group group(units.data(), units.size());
  decide(group, facts_for(group.questions()));
  EXPECT_EQ(group.outcomes()[0].code, Code::kConflict);
  EXPECT_EQ(group.outcomes()[1].code, Code::kOk);
  ASSERT_EQ(group.changes().events.size(), 1u);
  EXPECT_EQ(group.changes().events[0].event.id, uuid5(command(2), "0"));
  EXPECT_EQ(group.changes().events[0].event.position, 1);
}

TEST(Streams, ThatAreNewGetTheNextIdsAndAreChangedOnceForAllUnits) {
  std::vector<QueuedUnit> units;
  units.push_back(queued(unit(1, {to("cart-1", kAbsent, 2)})));
  units.push_back(queued(unit(2, {to("cart-2", kAbsent), to("cart-1", 2)})));
  Group group(units.data(), units.size());
  Facts facts = facts_for(group.questions());
  facts.last_stream_id = 7;
  decide(group, facts);
  ASSERT_EQ(group.changes().streams.size(), 2u);
  EXPECT_EQ(group.changes().streams[0].id, 8);
  EXPECT_EQ(group.changes().streams[0].version, 3);
  EXPECT_EQ(group.changes().streams[1].id, 9);
  EXPECT_TRUE(group.changes().streams[1].fresh);
}

}  // namespace
}  // namespace gantry::log::test
