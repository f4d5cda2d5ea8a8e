// Requests that leave the loop: workers, PENDING, resume, time-outs and clients that go away.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/pipeline/rig.hpp"

namespace gantry::pipeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Away : public testing::Test {
 protected:
  Client& begin(std::string target = "/x",
                std::vector<std::pair<std::string, std::string>> headers = {},
                std::string method = "GET", std::string body = {}) {
    Client& client = *rig.clients.emplace_back(std::make_unique<Client>(rig.pipeline, rig.loop));
    client.begin(std::move(method), std::move(target), std::move(headers), std::move(body));
    return client;
  }
  // A handler that keeps its handle and is PENDING.
  Call pending() {
    return [this](gantry_handle exchange, const gantry_request&) {
      held = exchange;
      return GANTRY_PENDING;
    };
  }
  gantry_rc answer_held(std::string_view body = "\"late\"") {
    return rig.pipeline.answer(held, 200, "application/json", body);
  }
  gantry_rc resume_held(uint32_t verdict = GANTRY_DONE) {
    const gantry_rc rc = rig.pipeline.resume(held, verdict);
    rig.run();
    return rc;
  }
  void publish(std::vector<std::string> chain = {}) {
    rig.publish({acme.contribution}, {{"public", std::move(chain)}});
  }
  // True once no request uses the snapshot of before this call.
  bool drained() {
    const auto done = std::make_shared<bool>(false);
    rig.pipeline.publish(rig.pipeline.current(), {}, [done] { *done = true; });
    rig.run();
    return *done;
  }

  Rig rig;
  Plugin acme;
  gantry_handle held = 0;
  std::vector<std::string> seen;
};

// --- workers

TEST_F(Away, AWorkerSeesACopyOfEverything) {
  acme.route("POST", "/x/{id}",
             [&](gantry_handle exchange, const gantry_request& r) {
               seen = {
                   text(r.path),  text(r.params[0]), text(r.body),      text(r.headers[0].value),
                   text(r.query), text(r.peer),      text(r.request_id)};
               EXPECT_EQ(r.on_worker, 1u);
               EXPECT_EQ(base::json::integer(base::json::member(r.json, "n")), 1);
               return rig.answer(exchange);
             })
      .thread = GANTRY_ON_WORKER;
  acme.contribution.routes.back().body_schema = "{}";
  publish();
  Client& client =
      begin("/x/a%20b?q=1", {{"content-type", "application/json"}, {"x-request-id", "r"}}, "POST",
            "{\"n\":1}");
  client.overwrite();
  rig.run();
  EXPECT_EQ(client.status(), 200);
  EXPECT_THAT(seen, ElementsAre("/x/a%20b", "a b", "{\"n\":1}", "application/json", "q=1",
                                "127.0.0.1", "r"));
}

TEST_F(Away, AFullQueueIsToldAtOnce) {
  acme.route("GET", "/x", pending()).thread = GANTRY_ON_WORKER;
  publish();
  rig.full = true;
  Client& client = begin();
  EXPECT_EQ(client.status(), 503);
  EXPECT_EQ(client.header("retry-after"), "1");
  EXPECT_THAT(client.body(), HasSubstr("OVERLOADED"));
}

TEST_F(Away, ATaskThatWaitedTooLongIsAnsweredNotRun) {
  acme.route("GET", "/x", pending()).thread = GANTRY_ON_WORKER;
  publish();
  Client& client = begin();
  rig.work[0].second();  // expired
  rig.work.clear();
  rig.run();
  EXPECT_EQ(client.status(), 503);
  EXPECT_EQ(held, 0u);
}

TEST_F(Away, AMiddlewareIsCalledAgainOnAWorkerAndTheRestFollowsInOneHop) {
  int calls = 0;
  acme.middleware("lookup", "authn", [&](gantry_handle, const gantry_request& request) {
    ++calls;
    return request.on_worker ? GANTRY_NEXT : GANTRY_WORKER;
  });
  acme.route("GET", "/x",
             [&](gantry_handle exchange, const gantry_request&) { return rig.answer(exchange); })
      .thread = GANTRY_ON_WORKER;
  publish({"lookup"});
  Client& client = begin();
  ASSERT_EQ(rig.work.size(), 1u);
  rig.run_worker();
  EXPECT_TRUE(rig.work.empty());
  rig.loop.run();
  EXPECT_EQ(client.status(), 200);
  EXPECT_EQ(calls, 2);
}

TEST_F(Away, AHandlerOfTheLoopIsNotRunOnTheWorkerOfAMiddleware) {
  acme.middleware("lookup", "authn", [&](gantry_handle exchange, const gantry_request& request) {
    if (!request.on_worker) return GANTRY_WORKER;
    rig.pipeline.principal(exchange, "user-1", "customer");
    return GANTRY_NEXT;
  });
  acme.route("GET", "/x", [&](gantry_handle exchange, const gantry_request& request) {
    EXPECT_EQ(request.on_worker, 0u);
    seen.push_back(text(request.user));
    return rig.answer(exchange);
  });
  publish({"lookup"});
  EXPECT_EQ(rig.send("GET", "/x").status(), 200);
  EXPECT_THAT(seen, ElementsAre("user-1"));
}

TEST_F(Away, AMiddlewareThatAsksForAWorkerOnAWorkerIsBlamed) {
  acme.middleware("lookup", "authn",
                  [](gantry_handle, const gantry_request&) { return GANTRY_WORKER; });
  acme.route("GET", "/x", pending());
  publish({"lookup"});
  EXPECT_EQ(rig.send("GET", "/x").status(), 500);
  EXPECT_EQ(acme.contribution.owner->failures, 1u);
}

// --- pending

TEST_F(Away, APendingHandlerAnswersLaterOnce) {
  acme.route("GET", "/x", pending());
  publish();
  Client& client = begin();
  rig.run();
  EXPECT_FALSE(client.answered);
  EXPECT_EQ(answer_held(), GANTRY_OK);
  EXPECT_EQ(rig.pipeline.resume(held, GANTRY_DONE), GANTRY_OK);
  EXPECT_EQ(rig.pipeline.resume(held, GANTRY_DONE), GANTRY_STALE);
  rig.run();
  EXPECT_EQ(client.body(), "\"late\"");
  EXPECT_EQ(answer_held("\"after\""), GANTRY_STALE);
  client.end();
  EXPECT_EQ(resume_held(), GANTRY_STALE);
}

TEST_F(Away, AnAnswerMayBeFasterThanTheReturnOfPending) {
  for (const uint32_t thread : {GANTRY_ON_LOOP, GANTRY_ON_WORKER}) {
    Rig fresh;
    Plugin plugin;
    plugin
        .route("GET", "/x",
               [&](gantry_handle exchange, const gantry_request&) {
                 fresh.answer(exchange, "\"fast\"");
                 EXPECT_EQ(fresh.pipeline.resume(exchange, GANTRY_DONE), GANTRY_OK);
                 EXPECT_EQ(fresh.pipeline.resume(exchange, GANTRY_DONE), GANTRY_STALE);
                 return GANTRY_PENDING;
               })
        .thread = thread;
    fresh.publish({plugin.contribution});
    EXPECT_EQ(fresh.send("GET", "/x").body(), "\"fast\"");
  }
}

TEST_F(Away, AResumeBeforeAnotherVerdictHasNoEffectOnTheNextCall) {
  acme.middleware("eager", "authn", [&](gantry_handle exchange, const gantry_request&) {
    rig.pipeline.resume(exchange, GANTRY_NEXT);
    return GANTRY_NEXT;
  });
  acme.route("GET", "/x", pending());
  publish({"eager"});
  Client& client = begin();
  rig.run();
  EXPECT_FALSE(client.answered);  // the handler is still owed its own resume
  answer_held();
  EXPECT_EQ(resume_held(), GANTRY_OK);
  EXPECT_EQ(client.status(), 200);
}

TEST_F(Away, APendingMiddlewareGoesOnOrEndsTheChain) {
  for (const uint32_t verdict : {GANTRY_NEXT, GANTRY_DONE}) {
    Rig fresh;
    Plugin plugin;
    gantry_handle handle = 0;
    int handled = 0;
    plugin.middleware("slow", "quota", [&](gantry_handle exchange, const gantry_request&) {
      handle = exchange;
      return GANTRY_PENDING;
    });
    plugin.route("GET", "/x", [&](gantry_handle exchange, const gantry_request&) {
      ++handled;
      return fresh.answer(exchange);
    });
    fresh.publish({plugin.contribution}, {{"public", {"slow"}}});
    Client& client = fresh.send("GET", "/x");
    if (verdict == GANTRY_DONE) fresh.pipeline.answer(handle, 429, "", "");
    EXPECT_EQ(fresh.pipeline.resume(handle, GANTRY_PENDING), GANTRY_INVALID);
    EXPECT_EQ(fresh.pipeline.resume(handle, verdict), GANTRY_OK);
    fresh.run();
    EXPECT_EQ(client.status(), verdict == GANTRY_DONE ? 429 : 200);
    EXPECT_EQ(handled, verdict == GANTRY_DONE ? 0 : 1);
  }
}

TEST_F(Away, ThePrincipalSurvivesAPendingOnAWorker) {
  acme.middleware("authenticate", "authn", [&](gantry_handle exchange, const gantry_request& r) {
    if (!r.on_worker) return GANTRY_WORKER;
    rig.pipeline.principal(exchange, "user-1", "admin");
    return GANTRY_NEXT;
  });
  acme.middleware("slow", "quota", [&](gantry_handle exchange, const gantry_request&) {
    held = exchange;
    return GANTRY_PENDING;
  });
  acme.route("GET", "/x", [&](gantry_handle exchange, const gantry_request& request) {
    seen.push_back(text(request.user) + " " + text(request.roles));
    return rig.answer(exchange);
  });
  publish({"authenticate", "slow"});
  Client& client = begin();
  rig.run();
  EXPECT_EQ(resume_held(GANTRY_NEXT), GANTRY_OK);
  EXPECT_EQ(client.status(), 200);
  EXPECT_THAT(seen, ElementsAre("user-1 admin"));
}

TEST_F(Away, ResumedWithoutAnAnswerIsTheFaultOfThePlugin) {
  acme.route("GET", "/x", pending());
  publish();
  Client& client = begin();
  EXPECT_EQ(resume_held(), GANTRY_OK);
  EXPECT_EQ(client.status(), 500);
  EXPECT_EQ(acme.contribution.owner->failures, 1u);
}

// --- time-outs and clients that go away

TEST_F(Away, ALateAnswerAfterATimeOutIsStale) {
  acme.route("GET", "/x", pending());
  publish();
  Client& client = begin();
  client.time_out();
  EXPECT_EQ(client.status(), 504);
  EXPECT_THAT(client.body(), HasSubstr("\"code\":\"TIMEOUT\""));
  EXPECT_EQ(rig.pipeline.header(held, "X", "1"), GANTRY_STALE);  // still being sent
  rig.run();
  client.end();
  EXPECT_EQ(resume_held(), GANTRY_STALE);
  EXPECT_TRUE(drained());
}

TEST_F(Away, AResumeAfterATimeOutIsStaleTwiceAndTheRunIsFreeAgain) {
  acme.route("GET", "/x", pending());
  publish();
  Client& client = begin();
  client.time_out();
  client.end();
  EXPECT_FALSE(drained());
  EXPECT_EQ(resume_held(), GANTRY_STALE);
  EXPECT_EQ(resume_held(), GANTRY_STALE);
  EXPECT_TRUE(drained());
}

TEST_F(Away, AResumeWhileTheTimeOutIsBeingSentIsStale) {
  acme.route("GET", "/x", pending());
  publish();
  Client& client = begin();
  client.time_out();
  EXPECT_EQ(resume_held(), GANTRY_STALE);
  client.end();
  EXPECT_TRUE(drained());
}

TEST_F(Away, WhoeverIsToldStaleNeedNotResume) {
  acme.route("GET", "/x", pending());
  publish();
  Client& client = begin();
  client.end(false);
  EXPECT_FALSE(drained());
  EXPECT_EQ(answer_held(), GANTRY_STALE);  // the facade lets go of the exchange here
  rig.run();
  EXPECT_TRUE(drained());
}

TEST_F(Away, ATimeOutPassesTheChainOnItsWayBackWithTheSameHandle) {
  gantry_handle forward = 0, backward = 0;
  uint32_t status = 0;
  acme.middleware(
      "trace", "trace",
      [&](gantry_handle exchange, const gantry_request&) {
        forward = exchange;
        return GANTRY_NEXT;
      },
      [&](gantry_handle exchange, const gantry_request& request) {
        backward = exchange;
        status = rig.pipeline.status(exchange);
        EXPECT_EQ(text(request.path), "/x");
        EXPECT_EQ(rig.pipeline.header(exchange, "X-Trace", "1"), GANTRY_OK);
      });
  acme.route("GET", "/x", pending()).thread = GANTRY_ON_WORKER;
  publish({"trace"});
  Client& client = begin();
  rig.run();
  client.time_out();
  EXPECT_EQ(forward, backward);
  EXPECT_EQ(status, 504u);
  EXPECT_EQ(client.header("x-trace"), "1");
  client.end();
  resume_held();
}

TEST_F(Away, AWorkerThatIsStillRunningWritesNothingIntoTheTimeOut) {
  gantry_rc rc = GANTRY_OK;
  Client* client = nullptr;
  acme.route("GET", "/x",
             [&](gantry_handle exchange, const gantry_request& request) {
               client->time_out();  // the loop, while this worker runs
               client->end();
               rc = rig.pipeline.answer(exchange, 200, "application/json", "\"late\"");
               EXPECT_EQ(rig.pipeline.header(exchange, "X", "1"), GANTRY_STALE);
               EXPECT_EQ(text(request.path), "/x");  // its own copy
               return GANTRY_DONE;
             })
      .thread = GANTRY_ON_WORKER;
  publish();
  client = &begin();
  rig.run();
  EXPECT_EQ(rc, GANTRY_STALE);
  EXPECT_EQ(acme.contribution.owner->failures, 0u);
  EXPECT_TRUE(drained());
}

TEST_F(Away, WorkThatNobodyWaitsForIsNotBegun) {
  int handled = 0;
  acme.route("GET", "/x",
             [&](gantry_handle exchange, const gantry_request&) {
               ++handled;
               return rig.answer(exchange);
             })
      .thread = GANTRY_ON_WORKER;
  publish();
  Client& client = begin();
  client.end(false);
  rig.run();
  EXPECT_EQ(handled, 0);
  EXPECT_TRUE(drained());
}

TEST_F(Away, AMiddlewareIsNotCalledOnAWorkerForAClientThatHasGone) {
  int calls = 0;
  acme.middleware("lookup", "authn", [&](gantry_handle, const gantry_request&) {
    ++calls;
    return GANTRY_WORKER;
  });
  acme.route("GET", "/x", pending());
  publish({"lookup"});
  begin().end(false);
  rig.run();
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(drained());
}

TEST_F(Away, AStaleHandleNeverReachesTheNextRequestInItsPlace) {
  acme.route("GET", "/x", pending());
  publish();
  Client& first = begin();
  const gantry_handle old = held;
  answer_held();
  resume_held();
  first.end();
  Client& second = begin();
  EXPECT_NE(held, old);
  EXPECT_EQ(held & 0xFFFFFFFF, old & 0xFFFFFFFF);  // the same slot
  EXPECT_EQ(rig.pipeline.answer(old, 200, "text/plain", "stolen"), GANTRY_STALE);
  EXPECT_EQ(rig.pipeline.resume(old, GANTRY_DONE), GANTRY_STALE);
  EXPECT_EQ(rig.pipeline.status(old), 0u);
  EXPECT_FALSE(second.answered);
  for (const gantry_handle made_up : {gantry_handle{0}, ~gantry_handle{0},
                                      gantry_handle{1} << 32 | 9999, gantry_handle{7} << 24}) {
    EXPECT_EQ(rig.pipeline.answer(made_up, 200, "text/plain", "x"), GANTRY_STALE);
    EXPECT_EQ(rig.pipeline.stream_end(made_up), GANTRY_STALE);
  }
  answer_held();
  EXPECT_EQ(resume_held(), GANTRY_OK);
  EXPECT_EQ(second.status(), 200);
}

// --- waiting for a position

class Reads : public Away {
 protected:
  Reads() {
    acme.route("GET", "/x",
               [this](gantry_handle exchange, const gantry_request&) {
                 seen.push_back("handler");
                 return rig.answer(exchange);
               })
        .reads = "availability";
    publish();
  }
};

TEST_F(Reads, WaitForThePositionWithoutHoldingTheLoop) {
  Client& client = begin("/x", {{"gantry-min-position", "41"}});
  EXPECT_THAT(rig.waited_for, ElementsAre("availability 41 2000"));
  rig.run();
  EXPECT_FALSE(client.answered);
  rig.waiting[0](true);
  rig.run();
  EXPECT_EQ(client.status(), 200);
}

TEST_F(Reads, TakeThePositionFromTheQueryToo) {
  begin("/x?a=1&min_position=7&b=2");
  EXPECT_THAT(rig.waited_for, ElementsAre("availability 7 2000"));
  rig.waiting[0](true);
  rig.run();
}

TEST_F(Reads, SayThatTheReadModelLagsBehind) {
  Client& client = begin("/x", {{"gantry-min-position", "41"}});
  rig.waiting[0](false);
  rig.run();
  EXPECT_EQ(client.status(), 503);
  EXPECT_THAT(client.body(), HasSubstr("PROJECTION_LAGGING"));
  EXPECT_EQ(client.header("retry-after"), "1");
  EXPECT_THAT(seen, IsEmpty());
}

TEST_F(Reads, RefuseWhatIsNoPosition) {
  EXPECT_EQ(begin("/x", {{"gantry-min-position", "x"}}).status(), 400);
  EXPECT_EQ(begin("/x", {{"gantry-min-position", "-1"}}).status(), 400);
  EXPECT_EQ(begin("/x", {{"gantry-min-position", "99999999999999999999"}}).status(), 400);
}

TEST_F(Reads, MaySeeTheirClientGoWhileTheyWait) {
  Client& client = begin("/x", {{"gantry-min-position", "41"}});
  EXPECT_EQ(rig.pipeline.resume(1ULL << 32, GANTRY_DONE), GANTRY_STALE);
  client.end(false);
  EXPECT_FALSE(drained());
  rig.waiting[0](true);
  rig.run();
  EXPECT_TRUE(drained());
  EXPECT_THAT(seen, IsEmpty());
}

}  // namespace
}  // namespace gantry::pipeline
