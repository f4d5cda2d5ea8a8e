// Requests that leave the loop: time-outs and clients that go away.
#include "tests/unit/pipeline/away.hpp"

namespace gantry::pipeline {
namespace {

using testing::HasSubstr;

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

}  // namespace
}  // namespace gantry::pipeline
