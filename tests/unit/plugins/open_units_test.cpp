// Units that wait for those they were decided on.
#include "core/plugins/open_units.hpp"

#include <algorithm>

#include "core/plugins/context.hpp"
#include "tests/unit/plugins/fakes.hpp"

namespace gantry::plugins {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Keeps the units it gets; the test says how each of them ends.
class WaitingLog final : public FakeEvents {
 public:
  void append(log::Unit unit, std::function<void(const log::Outcome&)> done) override {
    given.push_back(unit.meta);
    units.push_back(std::move(unit));
    done_.push_back(std::move(done));
  }
  void end(size_t index, Code code = Code::kOk, bool repeated = false) {
    log::Outcome outcome;
    outcome.code = code;
    outcome.committed.repeated = repeated;
    done_.at(index)(outcome);
  }
  std::vector<std::string> given;

 private:
  std::vector<std::function<void(const log::Outcome&)>> done_;
};

class OpenUnitsTest : public testing::Test {
 protected:
  // A unit of that name with one event.
  gantry_handle begin(const std::string& name) {
    auto unit = std::make_shared<OpenUnit>();
    unit->unit.meta = name;
    unit->unit.appends.push_back({"thing-" + name, 0, {{"thing.made.v1", "{}"}}});
    unit->events = 1;
    const gantry_handle handle = units.add(unit, context, 100);
    EXPECT_EQ(units.watch(handle, told("told " + name)), Code::kOk);
    return handle;
  }
  void commit(gantry_handle unit, const std::string& name) {
    EXPECT_EQ(units.commit(unit, context, events, told("done " + name)), Code::kOk);
  }
  Told told(const std::string& what) {
    return [this, what](const log::Outcome& outcome) {
      calls.push_back(join(what, " ", name_of(outcome.code)));
    };
  }

  Bench bench;
  SeriesTable series{"acme", bench.metrics, 4};
  Context context{bench.ports, Manifest{}, "{}", series};
  WaitingLog events;
  OpenUnits units;
  std::vector<std::string> calls;
};

TEST_F(OpenUnitsTest, ReachTheLogAfterThoseTheyWereDecidedOn) {
  const auto a = begin("a"), b = begin("b"), c = begin("c");
  EXPECT_EQ(units.after(b, a), Code::kOk);
  EXPECT_EQ(units.after(c, b), Code::kOk);
  commit(c, "c");
  commit(b, "b");
  EXPECT_THAT(events.given, IsEmpty());
  commit(a, "a");
  EXPECT_THAT(events.given, ElementsAre("a", "b", "c"));
  events.end(0);
  events.end(1);
  EXPECT_THAT(calls, ElementsAre("told a ok", "done a ok", "told b ok", "done b ok"));
}

TEST_F(OpenUnitsTest, NeedNotWaitForOneThatIsWithTheLogOrOver) {
  const auto a = begin("a"), b = begin("b"), c = begin("c");
  commit(a, "a");
  EXPECT_EQ(units.after(b, a), Code::kOk);
  commit(b, "b");
  EXPECT_THAT(events.given, ElementsAre("a", "b"));
  events.end(0);
  EXPECT_EQ(units.after(c, a), Code::kNotFound);
}

TEST_F(OpenUnitsTest, WaitForAllTheirPredecessors) {
  const auto a = begin("a"), b = begin("b"), c = begin("c");
  EXPECT_EQ(units.after(c, a), Code::kOk);
  EXPECT_EQ(units.after(c, b), Code::kOk);
  EXPECT_EQ(units.after(c, b), Code::kOk);
  commit(c, "c");
  commit(a, "a");
  EXPECT_THAT(events.given, ElementsAre("a"));
  commit(b, "b");
  EXPECT_THAT(events.given, ElementsAre("a", "b", "c"));
}

TEST_F(OpenUnitsTest, AreRefusedWithADroppedPredecessorAndAllBehindThem) {
  const auto a = begin("a"), b = begin("b"), c = begin("c");
  units.after(b, a);
  units.after(c, b);
  commit(c, "c");  // parked
  units.drop(a, context);
  EXPECT_THAT(calls,
              ElementsAre("told a stale", "told b conflict", "told c conflict", "done c conflict"));
  EXPECT_EQ(units.watch(b, told("late")), Code::kConflict);
  calls.clear();
  commit(b, "b");  // still open then
  EXPECT_THAT(calls, ElementsAre("done b conflict"));
  EXPECT_THAT(events.given, IsEmpty());
}

TEST_F(OpenUnitsTest, AreRefusedWhenAPredecessorIsRefusedOrRepeated) {
  for (const bool repeated : {false, true}) {
    events.given.clear();
    const size_t index = repeated ? 1 : 0;
    const auto a = begin("a"), b = begin("b");
    commit(a, "a");
    units.after(b, a);
    events.end(index, repeated ? Code::kOk : Code::kConflict, repeated);
    calls.clear();
    commit(b, "b");
    EXPECT_THAT(calls, ElementsAre("done b conflict")) << repeated;
    EXPECT_THAT(events.given, ElementsAre("a"));
  }
}

TEST_F(OpenUnitsTest, TellHowAPredecessorEndedBeforeItIsNotFound) {
  const auto a = begin("a"), b = begin("b");
  commit(a, "a");
  Code seen = Code::kInternal;
  const auto c = begin("c");
  units.watch(b, [&](const log::Outcome&) { seen = units.after(c, b); });
  commit(b, "b");
  events.end(1, Code::kConflict);
  EXPECT_EQ(seen, Code::kConflict);
  EXPECT_EQ(units.after(c, b), Code::kNotFound);
}

TEST_F(OpenUnitsTest, DoNotWaitForEachOther) {
  const auto a = begin("a"), b = begin("b"), c = begin("c");
  EXPECT_EQ(units.after(b, a), Code::kOk);
  EXPECT_EQ(units.after(c, b), Code::kOk);
  EXPECT_EQ(units.after(a, c), Code::kConflict);
  EXPECT_EQ(units.after(a, a), Code::kOk);
  units.drop(a, context);
  units.drop(b, context);
  units.drop(c, context);
}

TEST_F(OpenUnitsTest, KeepOnlyTheChecksForARefusal) {
  const auto a = begin("a"), b = begin("b");
  units.find(a)->unit.timers_set.push_back({"thing-a", "key", Instant(1), "{}"});
  units.after(b, a);
  EXPECT_EQ(units.keep_checks(a, context), Code::kOk);
  EXPECT_THAT(calls, ElementsAre("told a stale", "told b conflict"));
  calls.clear();
  commit(a, "a");
  ASSERT_EQ(events.units.size(), 1u);
  EXPECT_EQ(events.units[0].appends.size(), 1u);
  EXPECT_TRUE(events.units[0].appends[0].events.empty());
  EXPECT_TRUE(events.units[0].timers_set.empty());
  events.end(0);
  EXPECT_THAT(calls, ElementsAre("done a ok"));  // its watch was told before
  units.drop(b, context);
}

TEST_F(OpenUnitsTest, ThatHoldNothingAreDoneAtOnce) {
  const gantry_handle empty = units.add(std::make_shared<OpenUnit>(), context, 100);
  commit(empty, "empty");
  EXPECT_THAT(calls, ElementsAre("done empty ok"));
  EXPECT_THAT(events.given, IsEmpty());
}

TEST_F(OpenUnitsTest, LeftOpenAreDroppedWithTheirPluginAndTold) {
  begin("a");
  const auto b = begin("b");
  commit(b, "b");
  EXPECT_EQ(units.drop_all(context), 1u);
  EXPECT_THAT(calls, ElementsAre("told a stale"));
  events.end(0);
  EXPECT_EQ(units.commit(b, context, events, told("again")), Code::kStale);
}

}  // namespace
}  // namespace gantry::plugins
