// build_snapshot: all faults of chains and routes, and what a missing middleware does.
#include "core/pipeline/snapshot.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/pipeline/rig.hpp"

namespace gantry::pipeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

uint32_t next(gantry_handle, const gantry_request&) { return GANTRY_NEXT; }

class Build : public testing::Test {
 protected:
  Build() {
    guard.middleware("authenticate", "authn", next);
    guard.middleware("authorize", "authz", next);
    guard.middleware("rate_limit", "quota", next);
    guard.middleware("security_headers", "edge", next);
  }
  // "path: message" of every fault.
  std::vector<std::string> faults(KnownMiddleware known = {}) {
    std::vector<std::string> out;
    const auto built =
        build_snapshot({guard.contribution, acme.contribution, other.contribution}, chains, known);
    for (const auto& fault : built.faults) out.push_back(fault.path + ": " + fault.message);
    EXPECT_EQ(built.snapshot == nullptr, !out.empty());
    return out;
  }
  Plugin guard{"guard"}, acme{"acme"}, other{"other"};
  ChainConfig chains = {{"public", {}}};
};

TEST_F(Build, TakesChainsInPhaseOrder) {
  chains["private"] = {"request_id", "security_headers", "access_log", "authenticate",
                       "rate_limit", "authorize",        "idempotency"};
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(Build, NamesBothEntriesOfAStepBackInPhase) {
  chains["private"] = {"authorize", "authenticate"};
  EXPECT_THAT(faults(), ElementsAre("chains.private[1]: \"authenticate\" (phase authn) cannot come "
                                    "after \"authorize\" (phase authz)"));
}

TEST_F(Build, SuggestsWhatAnUnknownNameMayHaveMeant) {
  chains["public"] = {"acces_log", "nonsense"};
  EXPECT_THAT(faults(), ElementsAre("chains.public[0]: no plugin declares a middleware "
                                    "\"acces_log\"; did you mean \"access_log\"?",
                                    "chains.public[1]: no plugin declares a middleware "
                                    "\"nonsense\""));
}

TEST_F(Build, RefusesAnEntryThatStandsTwice) {
  chains["public"] = {"request_id", "request_id"};
  EXPECT_THAT(faults(), ElementsAre(HasSubstr("twice")));
}

TEST_F(Build, RefusesOneNameFromTwoPlugins) {
  other.middleware("authenticate", "authn", next);
  EXPECT_THAT(faults(), ElementsAre(HasSubstr("declared by guard and by other")));
}

TEST_F(Build, RefusesAPhaseThereIsNot) {
  other.middleware("late", "afterwards", next);
  EXPECT_THAT(faults(), ElementsAre(HasSubstr("the phase \"afterwards\"")));
}

TEST_F(Build, NamesBothOwnersOfOneRoute) {
  acme.route("GET", "/a/{id}", next);
  other.route("GET", "/a/{name}", next);
  EXPECT_THAT(faults(), ElementsAre(": route GET /a/{name} of other is declared by acme (/a/{id}) "
                                    "as well"));
}

TEST_F(Build, DemandsAuthenticationForASessionAndAuthorisationForARole) {
  chains["half"] = {"authenticate"};
  acme.route("GET", "/session", next).access = GANTRY_ACCESS_SESSION;
  RouteSpec& role = acme.route("GET", "/role", next);
  role.access = GANTRY_ACCESS_ROLE;
  role.roles = "admin";
  role.chain = "half";
  EXPECT_THAT(faults(), ElementsAre(HasSubstr("GET /session of acme needs a session"),
                                    HasSubstr("GET /role of acme needs a role")));
}

TEST_F(Build, TellsAMisspeltNameOnceAndNothingThatFollowsFromIt) {
  chains["private"] = {"authenticate", "autorize"};
  RouteSpec& role = acme.route("GET", "/role", next);
  role.access = GANTRY_ACCESS_ROLE;
  role.roles = "admin";
  role.chain = "private";
  role.idempotency = GANTRY_IDEMPOTENCY_REQUIRED;
  EXPECT_THAT(faults(), ElementsAre("chains.private[1]: no plugin declares a middleware "
                                    "\"autorize\"; did you mean \"authorize\"?"));
}

TEST_F(Build, NamesTheChainThatLacksWhatARouteNeeds) {
  chains["half"] = {"authenticate"};
  RouteSpec& role = acme.route("GET", "/role", next);
  role.access = GANTRY_ACCESS_ROLE;
  role.roles = "admin";
  role.chain = "half";
  EXPECT_THAT(faults(), ElementsAre(testing::StartsWith("chains.half: route GET /role of acme")));
}

TEST_F(Build, ClosesARouteWhoseGuardIsMissingAndOfAPhaseThatNobodyKnows) {
  chains["private"] = {"request_id", "bouncer"};
  RouteSpec& session = acme.route("GET", "/session", next);
  session.access = GANTRY_ACCESS_SESSION;
  session.chain = "private";
  const auto built = build_snapshot({acme.contribution}, chains, {{"bouncer", "edge"}});
  ASSERT_NE(built.snapshot, nullptr);
  EXPECT_THAT(built.snapshot->route(0).unavailable, HasSubstr("lacks the middleware bouncer"));
}

TEST_F(Build, TakesARouteOfTheHostThatRunsInNoChain) {
  acme.route("GET", "/health/live", next).chain = "";
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(Build, TellsAllFaultsOfARouteAtOnce) {
  RouteSpec& route = acme.route("GET", "/a", next);
  route.access = 0;
  route.chain = "pubic";
  route.body_schema = R"({"if":1})";
  route.handle = nullptr;
  EXPECT_THAT(faults(),
              UnorderedElementsAre(
                  HasSubstr("has no handler"), HasSubstr("#/if is a keyword"),
                  HasSubstr("\"pubic\", which is not configured; did you mean \"public\"?"),
                  HasSubstr("does not say who may call it")));
}

TEST_F(Build, RefusesAKeyThatNobodyWouldHonour) {
  acme.route("POST", "/a", next).idempotency = GANTRY_IDEMPOTENCY_REQUIRED;
  EXPECT_THAT(faults(), ElementsAre(HasSubstr("has no entry idempotency")));
}

TEST_F(Build, ListsWhatIsMissingAndDescribesTheRest) {
  chains["private"] = {"request_id", "authenticate", "cors"};
  const auto built = build_snapshot({guard.contribution}, chains, {{"cors", "admit"}});
  EXPECT_THAT(built.faults, testing::SizeIs(1));  // admit before authn: still checked
  chains["private"] = {"request_id", "cors", "authenticate"};
  const auto good = build_snapshot({guard.contribution}, chains, {{"cors", "admit"}});
  ASSERT_TRUE(good.snapshot);
  ASSERT_EQ(good.snapshot->missing().size(), 1u);
  EXPECT_EQ(good.snapshot->missing()[0].name, "cors");
  const ChainView view = good.snapshot->describe()[0];
  EXPECT_EQ(view.entries[0].owner, "gantry");
  EXPECT_TRUE(view.entries[1].missing);
  EXPECT_EQ(view.entries[2].owner, "guard");
  EXPECT_EQ(view.entries[2].phase, "authn");
}

class MissingPhase : public testing::TestWithParam<std::string> {};

TEST_P(MissingPhase, AnswersServiceUnavailableAndNeverLetsTheRequestThrough) {
  Rig rig;
  Plugin acme;
  int handled = 0;
  acme.route("GET", "/a", [&](gantry_handle exchange, const gantry_request&) {
    ++handled;
    return rig.answer(exchange);
  });
  rig.publish({acme.contribution}, {{"public", {"gone"}}}, {{"gone", GetParam()}});
  const Client& client = rig.send("GET", "/a");
  EXPECT_EQ(client.status(), 503);
  EXPECT_THAT(client.body(), HasSubstr("PLUGIN_UNAVAILABLE"));
  EXPECT_EQ(handled, 0);
}

INSTANTIATE_TEST_SUITE_P(Every, MissingPhase,
                         testing::Values("edge", "trace", "admit", "authn", "quota", "authz",
                                         "validate", "cache", "audit", "handle", "unreadable"));

TEST(Services, MakeRoutesUnavailableUntilSomebodyProvidesThem) {
  Rig rig;
  Plugin acme, provider("provider");
  acme.contribution.needs = {"acme.mail/1"};
  acme.route("GET", "/a",
             [&](gantry_handle exchange, const gantry_request&) { return rig.answer(exchange); });
  rig.publish({acme.contribution});
  EXPECT_EQ(rig.send("GET", "/a").status(), 503);
  provider.contribution.provides = {"acme.mail/1"};
  rig.publish({acme.contribution, provider.contribution});
  EXPECT_EQ(rig.send("GET", "/a").status(), 200);
}

}  // namespace
}  // namespace gantry::pipeline
