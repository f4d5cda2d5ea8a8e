// Deciding ahead of the commit, on one server whose log commits when the test says so.
#include <gtest/gtest.h>

#include "tests/unit/ahead/instance.hpp"

namespace gantry::ahead_test {
namespace {

using Take = Places::Take;
using Give = Places::Give;

class AheadOfTheCommit : public testing::Test {
 protected:
  // "ok", or who has the place.
  template <class R>
  static std::string said(const R& decided) {
    return decided ? "ok" : decided.reason().by;
  }
  std::string take(TestUnit& unit, int64_t place, const std::string& by) {
    return said(places.decide(unit, "a", Take{place, by}));
  }
  // Commits a unit that takes the place.
  void taken(int64_t place, const std::string& by) {
    TestUnit unit(server.host, by);
    ASSERT_EQ(take(unit, place, by), "ok");
    unit.commit_later();
    log.commit_all();
    ASSERT_EQ(unit.rc(), GANTRY_OK);
  }
  std::string in_log() const {
    std::string all;
    for (const log::Event& event : log.events_of("places-a")) all += event.data;
    return all;
  }

  ControlledLog log;
  Instance server{log};
  Repository<Places> places{server.host};
};

TEST_F(AheadOfTheCommit, DecidesOnWhatIsStillOnItsWay) {
  TestUnit first(server.host, "1"), second(server.host, "2"), third(server.host, "3");
  EXPECT_EQ(take(first, 1, "ann"), "ok");
  EXPECT_EQ(take(second, 2, "bob"), "ok");
  EXPECT_EQ(take(third, 1, "cid"), "ann");
  first.commit_later();
  second.commit_later();
  EXPECT_FALSE(first.is_over());
  log.commit_all();
  EXPECT_EQ(first.rc(), GANTRY_OK);
  EXPECT_EQ(second.rc(), GANTRY_OK);
  EXPECT_EQ(log.reads, 1);  // the first load
}

TEST_F(AheadOfTheCommit, GivesTheLogUnitsInTheOrderOfTheirDecisions) {
  TestUnit first(server.host, "1"), second(server.host, "2");
  take(first, 1, "ann");
  take(second, 2, "bob");
  second.commit_later();
  EXPECT_EQ(log.waiting(), 0u);
  first.commit_later();
  EXPECT_EQ(log.waiting(), 2u);
  log.commit_all();
  EXPECT_EQ(second.rc(), GANTRY_OK);
}

TEST_F(AheadOfTheCommit, DecidesAgainWhatRestedOnAFailedCommit) {
  taken(9, "zoe");
  TestUnit first(server.host, "1"), second(server.host, "2");
  take(first, 1, "ann");
  take(second, 2, "bob");
  first.commit_later();
  second.commit_later();
  log.fail(Code::kUnavailable);
  EXPECT_EQ(first.rc(), GANTRY_UNAVAILABLE);
  log.commit_all();
  EXPECT_EQ(second.rc(), GANTRY_CONFLICT);
  TestUnit again(server.host, "2");
  EXPECT_EQ(take(again, 1, "bob"), "ok");  // ann has not got it
  again.commit_later();
  log.commit_all();
  EXPECT_EQ(again.rc(), GANTRY_OK);
}

TEST_F(AheadOfTheCommit, RefusesInTheHostWhatRestedOnADroppedUnit) {
  TestUnit second(server.host, "2");
  {
    TestUnit first(server.host, "1");
    take(first, 1, "ann");
    take(second, 2, "bob");
  }
  second.commit_later();
  EXPECT_EQ(second.rc(), GANTRY_CONFLICT);
  EXPECT_EQ(log.waiting(), 0u);
}

TEST_F(AheadOfTheCommit, ReleasesARefusalOnlyAfterWhatItRestsOn) {
  TestUnit first(server.host, "1"), refused(server.host, "2");
  take(first, 1, "ann");
  ASSERT_EQ(take(refused, 1, "bob"), "ann");
  refused.keep_checks();
  refused.commit_later();
  EXPECT_FALSE(refused.is_over());
  first.commit_later();
  log.commit_all();
  EXPECT_EQ(refused.rc(), GANTRY_OK);
}

TEST_F(AheadOfTheCommit, NeverReleasesARefusalWhoseReasonDidNotComeAbout) {
  for (const bool queued : {true, false}) {
    TestUnit refused(server.host, join("2", queued));
    {
      TestUnit first(server.host, join("1", queued));
      take(first, 1, "ann");
      ASSERT_EQ(take(refused, 1, "bob"), "ann");
      refused.keep_checks();
      if (queued) first.commit_later();
      refused.commit_later();
      if (queued) log.fail(Code::kUnavailable);
    }
    log.commit_all();
    EXPECT_EQ(refused.rc(), GANTRY_CONFLICT) << queued;
  }
}

TEST_F(AheadOfTheCommit, DecidesARefusalAgainWhenAnotherServerHasWritten) {
  taken(1, "ann");
  TestUnit refused(server.host, "2");
  ASSERT_EQ(take(refused, 1, "bob"), "ann");
  log.append_elsewhere("places-a", "places.given.v1", R"({"place":1})");
  refused.keep_checks();
  refused.commit_later();
  log.commit_all();
  ASSERT_EQ(refused.rc(), GANTRY_CONFLICT);
  TestUnit again(server.host, "2");
  EXPECT_EQ(take(again, 1, "bob"), "ok");
}

TEST_F(AheadOfTheCommit, ReadsTheTailAloneAfterAConflict) {
  for (int i = 0; i < 20; ++i) taken(i, to_text(i));
  log.append_elsewhere("places-a", "places.taken.v1", R"({"place":50,"by":"far"})");
  TestUnit late(server.host, "late");
  take(late, 51, "ann");
  late.commit_later();
  log.commit_all();
  ASSERT_EQ(late.rc(), GANTRY_CONFLICT);
  log.events_read = 0;
  TestUnit again(server.host, "late");
  EXPECT_EQ(take(again, 50, "ann"), "far");
  EXPECT_EQ(log.events_read, 2);  // and the one before it, which must be the one it knows
}

// A copy of it, to which others have been added since.
TEST_F(AheadOfTheCommit, ReadsAStreamAnewThatWasPutBack) {
  taken(1, "ann");
  taken(2, "bob");
  log.put_back("places-a", 0);
  for (const char* data :
       {R"({"place":7,"by":"cid"})", R"({"place":8,"by":"cid"})", R"({"place":9,"by":"cid"})"})
    log.append_elsewhere("places-a", "places.taken.v1", data);
  TestUnit late(server.host, "late");
  take(late, 3, "dan");
  late.commit_later();
  log.commit_all();
  ASSERT_EQ(late.rc(), GANTRY_CONFLICT);
  TestUnit again(server.host, "late");
  EXPECT_EQ(take(again, 1, "dan"), "ok");
  TestUnit other(server.host, "other");
  EXPECT_EQ(take(other, 7, "dan"), "cid");
}

TEST_F(AheadOfTheCommit, TakesNoticeOfTheHostsOwnEvents) {
  taken(1, "ann");
  log.append_elsewhere("places-a", "gantry.timer_fired.v1", R"({"key":"k"})");
  EXPECT_EQ(places.load("a").version, 2);
  TestUnit unit(server.host, "2");
  EXPECT_EQ(take(unit, 2, "bob"), "ok");
  unit.commit_later();
  log.commit_all();
  EXPECT_EQ(unit.rc(), GANTRY_OK);
}

TEST_F(AheadOfTheCommit, CountsARepeatAsNothingWritten) {
  taken(1, "ann");
  TestUnit repeat(server.host, "ann");  // the same command
  ASSERT_EQ(take(repeat, 2, "ann"), "ok");
  repeat.commit_later();
  TestUnit next(server.host, "next");
  ASSERT_EQ(take(next, 3, "bob"), "ok");
  log.commit_all();
  EXPECT_EQ(repeat.rc(), GANTRY_OK);
  next.commit_later();
  EXPECT_EQ(next.rc(), GANTRY_CONFLICT);
  EXPECT_EQ(places.load("a").state->taken.count(2), 0u);
  TestUnit again(server.host, "next");
  EXPECT_EQ(take(again, 2, "bob"), "ok");
}

TEST_F(AheadOfTheCommit, IsNotFooledByTheSameIdWithOtherContent) {
  TestUnit built_on_it(server.host, "x");
  {
    TestUnit first(server.host, "same");
    take(first, 1, "ann");
    take(built_on_it, 2, "bob");
    first.commit_later();
    log.fail(Code::kUnavailable);
  }
  TestUnit again(server.host, "same");
  take(again, 2, "ann");  // the id of its event is that of before
  again.commit_later();
  log.commit_all();
  ASSERT_EQ(again.rc(), GANTRY_OK);
  built_on_it.commit_later();
  EXPECT_EQ(built_on_it.rc(), GANTRY_CONFLICT);
  EXPECT_EQ(places.load("a").state->taken.at(2), "ann");
}

TEST_F(AheadOfTheCommit, TakesOutcomesInAnyOrder) {
  std::vector<std::unique_ptr<TestUnit>> units;
  for (int i = 0; i < 5; ++i) {
    units.push_back(std::make_unique<TestUnit>(server.host, to_text(i)));
    take(*units.back(), i, "ann");
    units.back()->commit_later();
  }
  log.commit_and_tell_backwards();
  TestUnit next(server.host, "next");
  EXPECT_EQ(take(next, 4, "bob"), "ann");
  EXPECT_EQ(take(next, 5, "bob"), "ok");
  next.commit_later();
  log.commit_all();
  EXPECT_EQ(next.rc(), GANTRY_OK);
  EXPECT_EQ(places.load("a").state->taken.size(), 6u);
}

TEST_F(AheadOfTheCommit, DecidesTwiceOnAStreamInOneUnitUnlessAnotherCameInBetween) {
  TestUnit unit(server.host, "1"), other(server.host, "2");
  EXPECT_EQ(take(unit, 1, "ann"), "ok");
  EXPECT_EQ(take(unit, 1, "ann"), "ann");
  EXPECT_EQ(take(unit, 2, "ann"), "ok");
  EXPECT_EQ(take(other, 3, "bob"), "ok");
  EXPECT_THROW(take(unit, 4, "ann"), Conflict);
  unit.commit_later();
  other.commit_later();
  log.commit_all();
  EXPECT_EQ(unit.rc(), GANTRY_OK);
  EXPECT_EQ(other.rc(), GANTRY_OK);
  EXPECT_EQ(places.load("a").version, 3);
}

TEST_F(AheadOfTheCommit, RefusesAUnitThatRestsOnTwoStatesOfAStream) {
  TestUnit unit(server.host, "1"), other(server.host, "2");
  EXPECT_EQ(places.look(unit, "a").version, 0);
  take(other, 1, "bob");
  EXPECT_THROW(take(unit, 2, "ann"), Conflict);
}

TEST_F(AheadOfTheCommit, StagesAllOrNoneOfSeveralStreams) {
  using Orders = std::vector<Repository<Places>::Order>;
  TestUnit first(server.host, "1");
  const auto both = places.decide_all(first, Orders{{"b", Take{1, "ann"}}, {"a", Take{2, "ann"}}});
  ASSERT_TRUE(both);
  EXPECT_EQ(std::get<Places::Taken>(both->at(0).at(0)).place, 1);
  TestUnit second(server.host, "2");
  const auto none = places.decide_all(second, Orders{{"c", Take{1, "bob"}}, {"b", Take{1, "bob"}}});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.reason().index, 1u);
  EXPECT_EQ(none.reason().reason.by, "ann");
  first.commit_later();
  second.commit_later();
  log.commit_all();
  EXPECT_EQ(second.rc(), GANTRY_OK);
  EXPECT_TRUE(log.events_of("places-c").empty());
  TestUnit third(server.host, "3");
  EXPECT_THROW(static_cast<void>(places.decide_all(third, Orders{{"a", Give{1}}, {"a", Give{2}}})),
               Error);
}

TEST_F(AheadOfTheCommit, StagesWhatWasConsideredOnlyIfNothingCameInBetween) {
  TestUnit unit(server.host, "1"), other(server.host, "2"), third(server.host, "3");
  const auto considered = places.consider(unit, "a", Take{1, "ann"});
  ASSERT_TRUE(considered);
  places.stage(unit, *considered);
  const auto outrun = places.consider(third, "a", Take{2, "cid"});
  EXPECT_EQ(take(other, 2, "bob"), "ok");
  EXPECT_THROW(places.stage(third, *outrun), Conflict);
}

TEST_F(AheadOfTheCommit, ForgetsWhatAUnitHadStagedWhenItKeepsItsChecksAlone) {
  TestUnit unit(server.host, "1"), other(server.host, "2");
  take(unit, 1, "ann");
  unit.keep_checks();
  EXPECT_EQ(take(other, 1, "bob"), "ok");
  unit.commit_later();
  other.commit_later();
  log.commit_all();
  EXPECT_EQ(unit.rc(), GANTRY_OK);
  EXPECT_EQ(other.rc(), GANTRY_OK);
  EXPECT_EQ(in_log(), R"({"place":1,"by":"bob"})");
}

TEST_F(AheadOfTheCommit, NeverCopiesTheStateWhileAllGoesWell) {
  taken(0, "0");
  taken(1, "1");
  Places::State::copies = 0;
  for (int i = 2; i < 200; ++i) {
    taken(i, to_text(i));
    ASSERT_EQ(Places::State::copies, 0) << i;
  }
}

TEST_F(AheadOfTheCommit, LeavesAStateAloneThatSomebodyHolds) {
  TestUnit first(server.host, "1"), second(server.host, "2");
  const auto decided = places.decide(first, "a", Take{1, "ann"});
  take(second, 2, "bob");
  EXPECT_EQ(decided->state->taken.size(), 1u);
  EXPECT_EQ(decided->version, 1);
}

TEST_F(AheadOfTheCommit, LoadsWhatIsCommittedNotWhatIsOnItsWay) {
  TestUnit first(server.host, "1");
  take(first, 1, "ann");
  EXPECT_FALSE(places.load("a").exists());
  first.commit_later();
  log.commit_all();
  EXPECT_EQ(places.load("a").version, 1);
}

TEST_F(AheadOfTheCommit, LetsGoOfIdleStreamsButNotOfThoseOnTheirWay) {
  Repository<Places> few(server.host, {.streams_max = 2});
  TestUnit first(server.host, "1"), second(server.host, "2"), third(server.host, "3");
  ASSERT_TRUE(few.decide(first, "a", Take{1, "ann"}));
  ASSERT_TRUE(few.decide(second, "b", Take{1, "ann"}));
  try {
    few.load("c");
    FAIL() << "a third stream was taken up";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kExhausted);
  }
  first.commit_later();
  log.commit_all();
  few.load("c");  // instead of a
  log.reads = 0;
  EXPECT_EQ(said(few.decide(third, "b", Take{1, "bob"})), "ann");
  EXPECT_EQ(log.reads, 0);
}

TEST_F(AheadOfTheCommit, BoundsTheDecisionsOnOneStream) {
  Repository<Places> bounded(server.host, {.pending_max = 1});
  TestUnit first(server.host, "1"), second(server.host, "2");
  ASSERT_TRUE(bounded.decide(first, "a", Take{1, "ann"}));
  ASSERT_TRUE(bounded.decide(first, "a", Take{2, "ann"}));
  try {
    bounded.decide(second, "a", Take{3, "ann"}).ok();
    FAIL() << "a second decision was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kExhausted);
  }
  first.commit_later();
  log.commit_all();
  EXPECT_TRUE(bounded.decide(second, "a", Take{3, "ann"}));
}

TEST_F(AheadOfTheCommit, OutlivesItsRepository) {
  TestUnit unit(server.host, "1");
  {
    Repository<Places> gone(server.host);
    ASSERT_TRUE(gone.decide(unit, "a", Take{1, "ann"}));
  }
  unit.commit_later();
  log.commit_all();
  EXPECT_EQ(unit.rc(), GANTRY_OK);
}

TEST_F(AheadOfTheCommit, HasOneRepositoryOfAKindForAPlugin) {
  auto& one = server.host.aggregates<Places>();
  EXPECT_EQ(&one, &server.host.aggregates<Places>());
  EXPECT_NE(static_cast<void*>(&one), static_cast<void*>(&server.host.aggregates<LongPlaces>()));
}

TEST(AggregateBounds, ComeFromThePluginsConfiguration) {
  ControlledLog log;
  const Instance bounded(log, nullptr, R"({"aggregates":{"streams_max":16,"snapshot_every":50}})");
  const AggregateOptions options = AggregateOptions::of(bounded.host);
  EXPECT_EQ(options.streams_max, 16u);
  EXPECT_EQ(options.snapshot_every, 50);
  EXPECT_EQ(options.pending_max, AggregateOptions{}.pending_max);
}

class Snapshots : public testing::Test {
 protected:
  void taken(Repository<LongPlaces>& places, int64_t place) {
    TestUnit unit(server.host, to_text(place));
    ASSERT_TRUE(places.decide(unit, "a", Take{place, "ann"}));
    unit.commit_later();
    log.commit_all();
  }
  size_t loaded_events(Repository<LongPlaces>& places) {
    log.events_read = 0;
    EXPECT_EQ(places.load("a").state->taken.size(), log.events_of("long-a").size());
    return static_cast<size_t>(log.events_read);
  }
  ControlledLog log;
  Instance server{log};
  AggregateOptions options{.snapshot_every = 10};
};

TEST_F(Snapshots, AreKeptNowAndThenAndLoadedInsteadOfTheStream) {
  Repository<LongPlaces> places(server.host, options);
  for (int i = 0; i < 35; ++i) taken(places, i);
  EXPECT_EQ(log.snapshots_kept, 3);
  Repository<LongPlaces> restarted(server.host, options);
  EXPECT_LE(loaded_events(restarted), 6u);  // the one it was made at, and those after it
  taken(restarted, 100);
  EXPECT_EQ(log.snapshots_kept, 3);
}

TEST_F(Snapshots, OfAnotherSchemaOrAnotherLogAreNotBelieved) {
  Repository<LongPlaces> places(server.host, options);
  for (int i = 0; i < 5; ++i) taken(places, i);
  for (const log::Snapshot& wrong :
       {log::Snapshot{"long-a", 2, 5, R"({"taken":[]})"},
        log::Snapshot{"long-a", 3, 50, R"({"taken":[]})"}, log::Snapshot{"long-a", 3, 5, "{"}}) {
    log.keep_snapshot(wrong);
    Repository<LongPlaces> restarted(server.host, options);
    EXPECT_EQ(loaded_events(restarted), 5u) << wrong.data;
  }
}

}  // namespace
}  // namespace gantry::ahead_test
