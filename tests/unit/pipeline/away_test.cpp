// Requests that leave the loop: workers and PENDING.
#include "tests/unit/pipeline/away.hpp"

namespace gantry::pipeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

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

}  // namespace
}  // namespace gantry::pipeline
