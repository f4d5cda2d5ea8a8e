// A route that decides: its answer leaves with its commit, or it is called again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gantry/plugin.hpp"
#include "tests/unit/ahead/instance.hpp"

namespace gantry::ahead_test {

Problem problem_of(const Places::Rejection& reason) {
  return {409, "TAKEN", join(reason.by, " has it")};
}

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

// One request that the host waits for, with an Idempotency-Key.
class OneExchange final : public plugins::FakeExchanges {
 public:
  gantry_rc header(gantry_handle, std::string_view name, std::string_view value) override {
    said += join(name, "=", value, " ");
    return GANTRY_OK;
  }
  gantry_rc answer(gantry_handle, uint32_t status, std::string_view,
                   std::string_view body) override {
    said = join(status, " ", body, " ");
    status_ = static_cast<int>(status);
    return GANTRY_OK;
  }
  gantry_rc problem(gantry_handle, uint32_t status, std::string_view code, std::string_view,
                    std::string_view, std::string_view) override {
    said = join(status, " ", code, " ");
    status_ = static_cast<int>(status);
    return GANTRY_OK;
  }
  gantry_rc fail(gantry_handle, gantry_rc rc, std::string_view) override {
    said = join("failed ", name_of(static_cast<Code>(rc)), " ");
    return GANTRY_OK;
  }
  gantry_rc resume(gantry_handle, uint32_t verdict) override {
    resumed.push_back(verdict);
    return GANTRY_OK;
  }
  std::optional<log::StoredAnswer> stored_answer(gantry_handle) override {
    if (!has_key) return std::nullopt;
    log::StoredAnswer answer;
    answer.status = status_;
    return answer;
  }
  bool has_key = true;
  std::string said;
  std::vector<uint32_t> resumed;

 private:
  int status_ = 0;
};

class RouteThatDecides : public testing::Test {
 protected:
  uint32_t call(RouteHandler handler, uint32_t attempt = 0) {
    detail::Route route(server.host, std::move(handler));
    gantry_request request{};
    request.size = sizeof request;
    request.attempt = attempt;
    request.command = uuid5(Uuid(), to_text(++commands)).raw();
    return detail::Route::call(&route, 1, &request);
  }
  uint32_t take(int64_t place, const std::string& by, uint32_t attempt = 0) {
    return call(
        [&](Context& context, const Request&) {
          const auto done = context.execute<Places>("a", Places::Take{place, by});
          Response response = Response::ok(by);
          return response.etag(done.version);
        },
        attempt);
  }

  ControlledLog log;
  OneExchange exchange;
  Instance server{log, &exchange};
  int commands = 0;
};

TEST_F(RouteThatDecides, IsAnsweredAfterItsCommit) {
  EXPECT_EQ(take(1, "ann"), GANTRY_PENDING);
  EXPECT_THAT(exchange.resumed, IsEmpty());
  EXPECT_EQ(log.at(0).answer->status, 200);
  log.commit_all();
  EXPECT_THAT(exchange.resumed, ElementsAre(GANTRY_DONE));
  EXPECT_EQ(exchange.said, "200 ann ETag=\"1\" Gantry-Position=1 ");
}

TEST_F(RouteThatDecides, TellsTheLogWhichUnitsItWasDecidedOn) {
  take(1, "ann");
  take(2, "bob");
  EXPECT_TRUE(log.at(0).rests_on.empty());
  ASSERT_EQ(log.at(1).rests_on.size(), 1u);
  ASSERT_TRUE(log.at(0).fate);
  EXPECT_EQ(log.at(1).rests_on[0], log.at(0).fate);
  log.commit_all();
}

TEST_F(RouteThatDecides, IsCalledAgainWhenItsStreamHasMovedOn) {
  take(1, "ann");
  log.append_elsewhere("places-a", "places.taken.v1", R"({"place":1,"by":"far"})");
  log.commit_all();
  EXPECT_THAT(exchange.resumed, ElementsAre(GANTRY_AGAIN));
  EXPECT_EQ(take(1, "ann", 1), GANTRY_PENDING);
  log.commit_all();
  EXPECT_EQ(exchange.said, "409 TAKEN ");
}

TEST_F(RouteThatDecides, GivesUpAfterItsLastAttempt) {
  take(1, "ann", detail::Conclusion::kAttemptsMax - 1);
  log.append_elsewhere("places-a", "places.taken.v1", R"({"place":1,"by":"far"})");
  log.commit_all();
  EXPECT_EQ(exchange.said, "failed conflict ");
  EXPECT_THAT(exchange.resumed, ElementsAre(GANTRY_DONE));
}

TEST_F(RouteThatDecides, StoresARefusalWithTheVersionItRestsOn) {
  take(1, "ann");
  EXPECT_EQ(take(1, "bob"), GANTRY_PENDING);
  EXPECT_THAT(exchange.resumed, IsEmpty());
  const log::Unit& refusal = log.at(1);
  EXPECT_EQ(refusal.answer->status, 409);
  ASSERT_EQ(refusal.appends.size(), 1u);
  EXPECT_EQ(refusal.appends[0].expected, 1);
  EXPECT_TRUE(refusal.appends[0].tip.has_value());
  EXPECT_TRUE(refusal.appends[0].events.empty());
  log.commit_all();
  EXPECT_THAT(exchange.said, StartsWith("409 TAKEN "));
  EXPECT_EQ(exchange.resumed.size(), 2u);
}

TEST_F(RouteThatDecides, WritesNothingOfAUnitWhoseLastDecisionIsRefused) {
  call([&](Context& context, const Request&) {
    context.execute<Places>("a", Places::Take{1, "ann"});
    context.execute<Places>("a", Places::Take{1, "bob"});
    return Response::ok("{}");
  });
  log.commit_all();
  EXPECT_EQ(exchange.said, "409 TAKEN ");
  EXPECT_TRUE(log.events_of("places-a").empty());
}

TEST_F(RouteThatDecides, AnswersAtOnceWhenThereIsNothingToCommit) {
  exchange.has_key = false;
  EXPECT_EQ(call([](Context& context, const Request&) {
              context.unit();
              return Response::ok("{}");
            }),
            GANTRY_PENDING);
  EXPECT_THAT(exchange.resumed, ElementsAre(GANTRY_DONE));
  EXPECT_EQ(log.waiting(), 0u);
  EXPECT_EQ(call([](Context&, const Request&) { return Response::ok("{}"); }), GANTRY_DONE);
}

TEST_F(RouteThatDecides, DropsItsUnitWhenItFails) {
  EXPECT_EQ(call([](Context& context, const Request&) -> Response {
              context.execute<Places>("a", Places::Take{1, "ann"});
              throw Error(Code::kUnavailable, "the moon is away");
            }),
            GANTRY_DONE);
  EXPECT_EQ(exchange.said, "failed unavailable ");
  take(1, "bob");
  log.commit_all();
  EXPECT_THAT(exchange.said, HasSubstr("200 bob"));
}

TEST_F(RouteThatDecides, AsksToBeCalledAgainWhenItsDecisionCannotStand) {
  EXPECT_EQ(call([&](Context& context, const Request&) -> Response {
              context.execute<Places>("a", Places::Take{1, "ann"});
              throw Conflict("somebody came in between");
            }),
            GANTRY_AGAIN);
  EXPECT_EQ(exchange.said, "");
}

// What a service staged for it: the boundary knows codes only.
TEST_F(RouteThatDecides, AsksToBeCalledAgainWhenAServicesDecisionCannotStand) {
  EXPECT_EQ(call([&](Context& context, const Request&) -> Response {
              TextSink why;
              check_staged(GANTRY_OK, why);
              context.execute<Places>("a", Places::Take{1, "ann"});
              check_staged(GANTRY_CONFLICT, why);
              return Response::ok("{}");
            }),
            GANTRY_AGAIN);
  EXPECT_EQ(exchange.said, "");
}

TEST_F(RouteThatDecides, IsToldWhenItsCommandWasCommittedBefore) {
  take(1, "ann");
  log.commit_all();
  --commands;
  take(2, "ann");
  log.commit_all();
  EXPECT_EQ(exchange.said, "409 IDEMPOTENCY_KEY_EXPIRED ");
}

TEST_F(RouteThatDecides, MayGoOnAfterItsCommit) {
  log.start_committing();
  std::string after;
  call([&](Context& context, const Request&) {
    const Response response = context.transact_wait([&](Unit& unit) {
      EXPECT_TRUE(server.host.aggregates<Places>().decide(unit, "a", Places::Take{1, "ann"}));
      return Response::later();
    });
    after = join(response.is_later(), " ", log.events_of("places-a").size());
    return Response::ok("later");
  });
  log.stop_committing();
  EXPECT_EQ(after, "true 1");
}

}  // namespace
}  // namespace gantry::ahead_test
