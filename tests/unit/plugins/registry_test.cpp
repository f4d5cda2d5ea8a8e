// The life of plugins, with real libraries (tests/support/bad_plugins) and a pipeline and consumers
// that are not.
#include "core/plugins/registry.hpp"

#include <fstream>

#include "tests/unit/plugins/fakes.hpp"
#include "tests/unit/plugins/loop_thread.hpp"

namespace gantry::plugins {
namespace {
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr milliseconds kWithin{5000};
constexpr milliseconds kAtOnce{30};

class Life : public testing::Test {
 protected:
  Registry& start(const std::vector<std::string>& ids) {
    std::vector<Enabled> enabled;
    for (const auto& id : ids) enabled.push_back({id});
    return start(enabled);
  }
  Registry& start(const std::vector<Enabled>& enabled) {
    registry_.discover({folder_.path()});
    fatal_ = registry_.start_all(enabled);
    return registry_;
  }
  std::string state(const std::string& id) {
    const auto info = registry_.find(id);
    return info ? std::string(name_of(info->state)) : "unknown";
  }
  std::string reason(const std::string& id) { return registry_.find(id)->reason; }
  template <class F>
  Error thrown(F&& f) {
    try {
      f();
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return Error(Code::kOk, "");
  }

  Folder folder_;
  Bench bench_;
  FakePublisher publisher_;
  FakeConsumers consumers_;
  std::vector<StartFault> fatal_;
  Registry registry_{
      {bench_.data.path(), milliseconds(2000)}, bench_.ports, publisher_, consumers_};
};

TEST_F(Life, GoesFromAFileToActive) {
  folder_.add("actor_good");
  start(std::vector<std::string>{"actor_good"});
  EXPECT_THAT(fatal_, IsEmpty());
  EXPECT_EQ(state("actor_good"), "active");
  EXPECT_EQ(publisher_.patterns(), "/actor_good ");
  EXPECT_EQ(consumers_.calls, std::vector<std::string>{"start actor_good"});
  EXPECT_EQ(consumers_.processes["actor_good"].at(0).name, "actor_good.listen");
  const ServiceLoan loan = bench_.services.acquire("test.echo/1");
  ASSERT_NE(loan.table, nullptr);
  loan.holders->leave();
  for (const char* to : {"verified", "loaded", "prepared", "migrated", "started", "active"})
    EXPECT_GE(bench_.log.count(join("to=", to, " ")), 1u) << to;
  const auto& route = publisher_.route("/actor_good");
  const gantry_request request{};
  EXPECT_EQ(route.handle(route.self, 7, &request), uint32_t{GANTRY_DONE});
  EXPECT_EQ(bench_.exchanges.last, "200 actor_good");
}

TEST_F(Life, ListsThoseThatAreNotEnabledWithVersionAndReason) {
  folder_.add("actor_good");
  folder_.add("refused_unknown");
  folder_.write("junk.so", "junk");
  start(std::vector<std::string>{"absent"});
  const auto all = registry_.list();
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].id, "absent");
  EXPECT_EQ(state("absent"), "failed");
  EXPECT_THAT(reason("absent"), HasSubstr("no plugin directory has absent.so"));
  EXPECT_EQ(state("actor_good"), "disabled");
  EXPECT_EQ(all[1].version, "1.0.0");
  EXPECT_THAT(reason("actor_good"), HasSubstr("not enabled"));
  EXPECT_EQ(state("junk"), "refused");
  EXPECT_EQ(state("refused_unknown"), "refused");
  EXPECT_EQ(all[3].version, "1.0.0");
}

TEST_F(Life, RefusesTheSecondFileWithAnId) {
  folder_.add("actor_good");
  folder_.add_as("actor_good", "copy");
  start(std::vector<std::string>{"actor_good"});
  EXPECT_EQ(state("actor_good"), "active");
  const auto all = registry_.list();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_THAT(all[1].reason, HasSubstr("has the id of"));
}

struct Failing {
  const char* id;
  const char* state;
  const char* reason;
};
class LifeOfAFailing : public Life, public testing::WithParamInterface<Failing> {};

TEST_P(LifeOfAFailing, EndsWithAReasonAndTheOthersRun) {
  folder_.add(GetParam().id);
  folder_.add("actor_other");
  start(std::vector<std::string>{GetParam().id, "actor_other"});
  EXPECT_THAT(fatal_, IsEmpty());
  EXPECT_EQ(state(GetParam().id), GetParam().state);
  EXPECT_THAT(reason(GetParam().id), HasSubstr(GetParam().reason));
  EXPECT_EQ(state("actor_other"), "active");
  EXPECT_EQ(publisher_.patterns(), "/other ");
  EXPECT_TRUE(publisher_.published.incomplete);
  EXPECT_EQ(consumers_.processes.count(GetParam().id), 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Table, LifeOfAFailing,
    testing::Values(Failing{"actor_entry_fails", "failed", "refused to be entered: wrong moon"},
                    Failing{"actor_prepare_fails", "failed",
                            "could not be prepared: not in the mood"},
                    Failing{"actor_start_fails", "failed", "could not start: the engine is cold"},
                    Failing{"actor_no_access", "failed", "it does not say who may call it"},
                    Failing{"actor_undeclared", "failed", "does not list test.echo/1"},
                    Failing{"actor_bad_sql", "failed", "could not migrate its tables"},
                    Failing{"refused_unknown", "refused", "gantry.warp/1"},
                    Failing{"refused_draft", "refused", "allow_draft"}),
    [](const auto& test) { return std::string(test.param.id); });

TEST_F(Life, LeavesOutWhatConflictsAndNamesBoth) {
  folder_.add("actor_good");
  folder_.add("actor_same_route");
  folder_.add("actor_same_service");
  start(std::vector<std::string>{"actor_good", "actor_same_route", "actor_same_service"});
  EXPECT_EQ(state("actor_good"), "active");
  EXPECT_EQ(state("actor_same_route"), "failed");
  EXPECT_THAT(reason("actor_same_route"),
              HasSubstr("/actor_good is of actor_good and actor_same_route"));
  EXPECT_THAT(reason("actor_same_service"),
              HasSubstr("offers test.echo/1, which actor_good offers"));
  EXPECT_EQ(bench_.log.count("test.destroyed actor_same_route"), 1u);
}

TEST_F(Life, DoesNotStartWithoutARequiredOne) {
  folder_.add("actor_good");
  folder_.add("actor_start_fails");
  start({{"actor_good"}, {"actor_start_fails", true, true, "{}", {}, false}});
  ASSERT_EQ(fatal_.size(), 1u);
  EXPECT_EQ(fatal_[0].path, "plugins.actor_start_fails");
  EXPECT_THAT(fatal_[0].message, HasSubstr("could not start: the engine is cold"));
  EXPECT_TRUE(fatal_[0].failed);
  EXPECT_EQ(publisher_.publications, 0);
  EXPECT_EQ(state("actor_good"), "disabled");
  EXPECT_EQ(bench_.log.count("test.stopped actor_good"), 1u);
  EXPECT_EQ(bench_.log.count("test.destroyed actor_good"), 1u);
}

TEST_F(Life, DoesNotStartWithAWrongConfigurationOfChains) {
  folder_.add("actor_good");
  publisher_.configuration = {"goes back in phase"};
  start(std::vector<std::string>{"actor_good"});
  ASSERT_EQ(fatal_.size(), 1u);
  EXPECT_EQ(fatal_[0].path, "chains.public[0]");
  EXPECT_EQ(fatal_[0].message, "goes back in phase");
  EXPECT_FALSE(fatal_[0].failed);
  EXPECT_THAT(reason("actor_good"), HasSubstr("the server did not start"));
}

TEST_F(Life, MigratesAndWritesProjections) {
  folder_.add("actor_migrates");
  start(std::vector<std::string>{"actor_migrates"});
  ASSERT_EQ(state("actor_migrates"), "active") << reason("actor_migrates");
  const auto& projection = consumers_.projections["actor_migrates"].at(0);
  EXPECT_EQ(projection.name, "actor_migrates.rows");
  const sql::Lease session = bench_.projections->writer();
  projection.apply(FakeEvents::event("thing-7"), *session);
  std::string stream;
  session->query("SELECT stream FROM actor_row", {}, [&](const sql::Row& row) {
    stream = std::get<std::string_view>(row[0]);
    return true;
  });
  EXPECT_EQ(stream, "thing-7");
}

TEST_F(Life, IsOffAndOnAgainAsAFreshInstance) {
  folder_.add("actor_good");
  folder_.add("actor_other");
  start(std::vector<std::string>{"actor_good", "actor_other"});
  bool switched = false;
  registry_.disable("actor_good", kWithin, [&] { switched = true; });
  EXPECT_TRUE(switched);
  EXPECT_EQ(state("actor_good"), "disabled");
  EXPECT_EQ(publisher_.patterns(), "/other ");
  EXPECT_EQ(bench_.services.acquire("test.echo/1").table, nullptr);
  EXPECT_EQ(consumers_.calls.back(), "stop actor_good");
  EXPECT_EQ(bench_.log.count("test.destroyed actor_good"), 1u);
  registry_.enable("actor_good");
  EXPECT_EQ(state("actor_good"), "active");
  EXPECT_EQ(publisher_.patterns(), "/other /actor_good ");
  EXPECT_EQ(bench_.log.count("test.started actor_good"), 2u);
}

TEST_F(Life, SurvivesTwoHundredRoundsAndMore) {
  folder_.add("actor_good");
  folder_.add("actor_other");
  start(std::vector<std::string>{"actor_good", "actor_other"});
  for (int i = 0; i < 300; ++i) {  // more than the contexts that are kept
    registry_.disable("actor_good", kWithin);
    registry_.enable("actor_good");
  }
  EXPECT_EQ(state("actor_good"), "active");
  EXPECT_EQ(bench_.log.count("test.started actor_good"), 301u);
  EXPECT_EQ(bench_.log.count("test.destroyed actor_good"), 300u);
  EXPECT_EQ(bench_.health.results().size(), 1u);
}

TEST_F(Life, TakesTheFileAsItIsNow) {
  const std::string path = folder_.add("actor_good");
  start(std::vector<std::string>{"actor_good"});
  const std::string before = registry_.find("actor_good")->sha256;
  registry_.disable("actor_good", kWithin);
  const std::string bytes = read_all(path);
  folder_.write("actor_good.so", bytes.substr(0, 500));
  EXPECT_EQ(thrown([&] { registry_.enable("actor_good"); }).code(), Code::kInvalid);
  EXPECT_EQ(state("actor_good"), "refused");
  folder_.write("actor_good.so", bytes + "appended");  // another version, as far as its digest goes
  registry_.enable("actor_good");
  EXPECT_EQ(state("actor_good"), "active");
  EXPECT_NE(registry_.find("actor_good")->sha256, before);
}

TEST_F(Life, RefusesOrdersThatMakeNoSense) {
  folder_.add("actor_good");
  folder_.add("actor_other");
  start(std::vector<std::string>{"actor_good"});
  EXPECT_EQ(thrown([&] { registry_.enable("actor_good"); }).code(), Code::kConflict);
  EXPECT_EQ(thrown([&] { registry_.enable("actor_other"); }).code(), Code::kConflict);
  EXPECT_EQ(thrown([&] { registry_.disable("actor_other", kWithin); }).code(), Code::kConflict);
  EXPECT_EQ(thrown([&] { registry_.disable("nobody", kWithin); }).code(), Code::kNotFound);
}

TEST_F(Life, SwitchesOnLaterWhatTheConfigurationLeavesOff) {
  folder_.add("actor_good");
  start({{"actor_good", false, false, "{}", {}, false}});
  EXPECT_EQ(state("actor_good"), "disabled");
  registry_.enable("actor_good");
  EXPECT_EQ(state("actor_good"), "active");
}

TEST_F(Life, LeavesEverythingAsItWasWhenEnablingFails) {
  folder_.add("actor_good");
  folder_.add("actor_same_route");
  start({{"actor_good"}, {"actor_same_route", false, false, "{}", {}, false}});
  const int publications = publisher_.publications;
  EXPECT_EQ(thrown([&] { registry_.enable("actor_same_route"); }).code(), Code::kInvalid);
  EXPECT_EQ(state("actor_same_route"), "failed");
  EXPECT_EQ(publisher_.publications, publications);
  EXPECT_EQ(publisher_.patterns(), "/actor_good ");
}

TEST_F(Life, TellsWhatSwitchingOffWouldChangeAndDoesNothing) {
  folder_.add("actor_good");
  folder_.add("actor_other");
  start(std::vector<std::string>{"actor_good", "actor_other"});
  publisher_.needing = {{"/other", "actor_good"}};
  const int publications = publisher_.publications;
  const SwitchPlan plan = registry_.plan_disable("actor_good");
  EXPECT_EQ(plan.subscriptions, std::vector<std::string>{"actor_good.listen"});
  ASSERT_EQ(plan.routes.size(), 1u);
  EXPECT_THAT(plan.routes[0], HasSubstr("/actor_good"));
  ASSERT_EQ(plan.unavailable.size(), 1u);
  EXPECT_EQ(plan.unavailable[0].route, "/other");
  EXPECT_EQ(plan.unavailable[0].unavailable, "lacks actor_good");
  EXPECT_EQ(state("actor_good"), "active");
  EXPECT_EQ(publisher_.publications, publications);
}

TEST_F(Life, TellsWhatSwitchingOnWouldChangeAndLeavesItAsItWas) {
  folder_.add("actor_good");
  folder_.add("actor_other");
  start({{"actor_good", false, false, "{}", {}, false}, {"actor_other"}});
  publisher_.needing = {{"/other", "actor_good"}};
  const std::string before = reason("actor_good");
  const SwitchPlan plan = registry_.plan_enable("actor_good");
  EXPECT_EQ(plan.routes.size(), 1u);
  EXPECT_EQ(plan.available, std::vector<std::string>{"/other"});
  EXPECT_EQ(state("actor_good"), "disabled");
  EXPECT_EQ(reason("actor_good"), before);
  EXPECT_EQ(bench_.log.count("test.started actor_good"), 0u);
  EXPECT_EQ(bench_.log.count("test.destroyed actor_good"), 1u);
  registry_.enable("actor_good");
  EXPECT_EQ(state("actor_good"), "active");
}

TEST_F(Life, TellsWhichRoutesItsSwitchesHaveClosedAndWhy) {
  folder_.add("actor_good");
  folder_.add("actor_other");
  publisher_.needing = {{"/other", "actor_good"}};
  start({{"actor_good", false, false, "{}", {}, false}, {"actor_other"}});
  const std::vector<ClosedRoutes> closed{{"actor_other", "lacks actor_good", 1}};
  EXPECT_EQ(registry_.closed_routes(), closed);
  EXPECT_EQ(bench_.log.count("routes.closed"), 1u);
  registry_.enable("actor_good");
  EXPECT_THAT(registry_.closed_routes(), IsEmpty());
  EXPECT_EQ(bench_.log.count("routes.opened"), 1u);
  registry_.disable("actor_good", kWithin);
  EXPECT_EQ(registry_.closed_routes(), closed);
  EXPECT_EQ(bench_.log.count("routes.closed"), 2u);
}

TEST_F(Life, PrefersTheFileThatIsNamedAfterItsIdToACopy) {
  folder_.add_as("actor_good", "a_copy");
  folder_.add("actor_good");
  start(std::vector<std::string>{"actor_good"});
  EXPECT_EQ(state("actor_good"), "active");
  for (const PluginInfo& info : registry_.list()) {
    EXPECT_EQ(info.state == State::kActive, info.path.ends_with("/actor_good.so")) << info.path;
  }
}

TEST_F(Life, KeepsOneThatTheRestCannotDoWithout) {
  folder_.add("actor_good");
  start(std::vector<std::string>{"actor_good"});
  publisher_.configuration = {"nothing without actor_good"};
  EXPECT_EQ(thrown([&] { registry_.disable("actor_good", kWithin); }).code(), Code::kInvalid);
  EXPECT_EQ(state("actor_good"), "active");
  publisher_.configuration.clear();
}

TEST_F(Life, WaitsForRequestsAndNeverPullsCodeAway) {
  folder_.add("actor_good");
  start(std::vector<std::string>{"actor_good"});
  publisher_.hold = true;
  const Error error = thrown([&] { registry_.disable("actor_good", kAtOnce); });
  EXPECT_EQ(error.code(), Code::kDeadline);
  EXPECT_THAT(error.detail(), HasSubstr("requests that began before are still under way"));
  EXPECT_EQ(state("actor_good"), "draining");
  EXPECT_EQ(bench_.log.count("test.stopped"), 0u);
  EXPECT_EQ(thrown([&] { registry_.enable("actor_good"); }).code(), Code::kConflict);
  publisher_.held();
  registry_.disable("actor_good", kWithin);
  EXPECT_EQ(state("actor_good"), "disabled");
  EXPECT_EQ(bench_.log.count("test.stopped"), 1u);
  publisher_.hold = false;
}

TEST_F(Life, WaitsForItsConsumers) {
  folder_.add("actor_good");
  start(std::vector<std::string>{"actor_good"});
  consumers_.stuck = {"actor_good.listen"};
  EXPECT_THAT(thrown([&] { registry_.disable("actor_good", kAtOnce); }).detail(),
              HasSubstr("its consumer actor_good.listen still runs"));
  consumers_.stuck.clear();
  registry_.disable("actor_good", kWithin);
  EXPECT_EQ(state("actor_good"), "disabled");
}

TEST_F(Life, WaitsForThoseWhoBorrowItsServices) {
  folder_.add("actor_good");
  start(std::vector<std::string>{"actor_good"});
  const ServiceLoan loan = bench_.services.acquire("test.echo/1");
  EXPECT_THAT(thrown([&] { registry_.disable("actor_good", kAtOnce); }).detail(),
              HasSubstr("1 borrowers hold its services"));
  EXPECT_EQ(bench_.services.acquire("test.echo/1").table, nullptr);
  EXPECT_EQ(bench_.log.count("test.stopped"), 0u);
  std::thread borrower([&] {
    std::this_thread::sleep_for(milliseconds(20));
    loan.holders->leave();
  });
  registry_.disable("actor_good", kWithin);
  borrower.join();
  EXPECT_EQ(state("actor_good"), "disabled");
}

TEST_F(Life, WaitsForTheAnswersToWhatItAsked) {
  HeldAskers held(bench_.clock, *bench_.projections);
  bench_.ports.askers = &held.askers;
  folder_.add("actor_good");
  start(std::vector<std::string>{"actor_good"});
  gantry_request request{};
  request.body = abi("SELECT 1");
  held.loop.run([&] {
    const pipeline::RouteSpec& route = publisher_.route("/actor_good");
    route.handle(route.self, 1, &request);
  });
  EXPECT_THAT(thrown([&] { registry_.disable("actor_good", kAtOnce); }).detail(),
              HasSubstr("1 of its asks are under way"));
  EXPECT_EQ(bench_.log.count("test.stopped"), 0u);
  held.release();
  EXPECT_EQ(bench_.log.count("test.answered"), 1u);
  registry_.disable("actor_good", kWithin);
  EXPECT_EQ(state("actor_good"), "disabled");
}

TEST_F(Life, HandsEventsToProcessesAndTheirRefusalsBack) {
  folder_.add("actor_good");
  start(std::vector<std::string>{"actor_good"});
  const auto process = consumers_.processes["actor_good"].at(0);
  process.handle(FakeEvents::event("thing-1"));
  EXPECT_EQ(bench_.log.count("test.heard"), 1u);
  log::Event empty = FakeEvents::event("thing-1");
  empty.data = "";
  EXPECT_THAT(thrown([&] { process.handle(empty); }).detail(), HasSubstr("no data"));
}

TEST_F(Life, EndsLastStartedFirst) {
  folder_.add("actor_good");
  folder_.add("actor_other");
  start(std::vector<std::string>{"actor_good", "actor_other"});
  registry_.stop_all(kWithin);
  EXPECT_EQ(state("actor_good"), "disabled");
  EXPECT_EQ(consumers_.calls, (std::vector<std::string>{"start actor_good", "start actor_other",
                                                        "stop actor_other", "stop actor_good"}));
  EXPECT_EQ(publisher_.patterns(), "");
}

TEST_F(Life, IsListedWhileAnotherThreadSwitches) {
  folder_.add("actor_good");
  start(std::vector<std::string>{"actor_good"});
  std::atomic<bool> done{false};
  std::thread reader([&] {
    while (!done) EXPECT_EQ(registry_.list().size(), 1u);
  });
  for (int i = 0; i < 20; ++i) {
    registry_.disable("actor_good", kWithin);
    registry_.enable("actor_good");
  }
  done = true;
  reader.join();
}

}  // namespace
}  // namespace gantry::plugins
