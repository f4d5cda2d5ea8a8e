// Handlers that decide again: AGAIN forgets their answer and calls them once more.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gantry/text.hpp"
#include "tests/unit/pipeline/rig.hpp"

namespace gantry::pipeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Again : public testing::Test {
 protected:
  // Answers with its attempt; asks to be called again until `attempts` is reached.
  RouteSpec& route(uint32_t attempts) {
    return acme.route(
        "GET", "/x", [this, attempts](gantry_handle exchange, const gantry_request& request) {
          held = exchange;
          seen.push_back(join(request.attempt, request.on_worker ? " worker" : " loop"));
          rig.pipeline.header(exchange, "X-Attempt", join(request.attempt));
          rig.pipeline.header(exchange, "Cache-Control", "no-cache");
          if (request.attempt + 1 < attempts) rig.pipeline.header(exchange, "X-Early", "1");
          rig.answer(exchange, join(request.attempt));
          return GANTRY_PENDING;
        });
  }
  void publish(std::vector<std::string> chain = {}) {
    rig.publish({acme.contribution}, {{"public", std::move(chain)}});
  }
  Client& begin() {
    Client& client = *rig.clients.emplace_back(std::make_unique<Client>(rig.pipeline, rig.loop));
    client.begin("GET", "/x");
    rig.run();
    return client;
  }
  gantry_rc resume(uint32_t verdict) {
    const gantry_rc rc = rig.pipeline.resume(held, verdict);
    rig.run();
    return rc;
  }

  Rig rig;
  Plugin acme;
  gantry_handle held = 0;
  std::vector<std::string> seen;
};

TEST_F(Again, CallsTheHandlerWithTheSameRequestAndForgetsItsAnswer) {
  acme.middleware("early", "edge", [&](gantry_handle exchange, const gantry_request&) {
    rig.pipeline.header(exchange, "Cache-Control", "private");
    rig.pipeline.header(exchange, "X-Chain", "1");
    return GANTRY_NEXT;
  });
  route(2);
  publish({"early"});
  Client& client = begin();
  EXPECT_EQ(resume(GANTRY_AGAIN), GANTRY_OK);
  EXPECT_EQ(client.status(), 0);
  EXPECT_EQ(resume(GANTRY_DONE), GANTRY_OK);
  EXPECT_EQ(client.status(), 200);
  EXPECT_EQ(client.body(), "1");
  EXPECT_EQ(client.header("x-attempt"), "1");
  EXPECT_EQ(client.header("x-early"), "");
  EXPECT_EQ(client.header("x-chain"), "1");
  EXPECT_EQ(client.header("cache-control"), "no-cache");
  EXPECT_THAT(seen, ElementsAre("0 loop", "1 loop"));
}

TEST_F(Again, GoesBackToAWorker) {
  route(3).thread = GANTRY_ON_WORKER;
  publish();
  Client& client = begin();
  resume(GANTRY_AGAIN);
  resume(GANTRY_AGAIN);
  resume(GANTRY_DONE);
  EXPECT_EQ(client.body(), "2");
  EXPECT_THAT(seen, ElementsAre("0 worker", "1 worker", "2 worker"));
}

TEST_F(Again, MayBeSaidBeforeTheCallItBelongsToHasReturned) {
  acme.route("GET", "/x",
             [&](gantry_handle exchange, const gantry_request& request) {
               rig.answer(exchange, join(request.attempt));
               rig.pipeline.resume(exchange, request.attempt < 2 ? GANTRY_AGAIN : GANTRY_DONE);
               return GANTRY_PENDING;
             })
      .thread = GANTRY_ON_WORKER;
  publish();
  EXPECT_EQ(begin().body(), "2");
}

TEST_F(Again, MayBeReturned) {
  acme.route("GET", "/x", [&](gantry_handle exchange, const gantry_request& request) {
    if (request.attempt < 2) return uint32_t{GANTRY_AGAIN};
    return rig.answer(exchange, join(request.attempt));
  });
  publish();
  EXPECT_EQ(begin().body(), "2");
}

TEST_F(Again, HasAnEnd) {
  int calls = 0;
  acme.route("GET", "/x", [&](gantry_handle, const gantry_request&) {
    ++calls;
    return GANTRY_AGAIN;
  });
  publish();
  Client& client = begin();
  EXPECT_EQ(client.status(), 503);
  EXPECT_EQ(client.header("retry-after"), "1");
  EXPECT_EQ(calls, 1000);
}

TEST_F(Again, IsNotForMiddleware) {
  acme.middleware("odd", "edge",
                  [&](gantry_handle, const gantry_request&) { return GANTRY_AGAIN; });
  route(1);
  publish({"odd"});
  EXPECT_EQ(begin().status(), 500);
}

TEST_F(Again, EndsAStreamThatHasBegun) {
  acme.route("GET", "/x", [&](gantry_handle exchange, const gantry_request&) {
    rig.pipeline.stream_begin(exchange, 200, "text/plain");
    return GANTRY_AGAIN;
  });
  publish();
  EXPECT_TRUE(begin().answered);
  EXPECT_EQ(acme.contribution.owner->failures, 1u);
}

TEST_F(Again, DoesNotHappenForAClientThatHasGone) {
  route(2).thread = GANTRY_ON_WORKER;
  publish();
  Client& client = begin();
  client.end(false);
  EXPECT_EQ(resume(GANTRY_AGAIN), GANTRY_STALE);
  EXPECT_THAT(seen, ElementsAre("0 worker"));
}

}  // namespace
}  // namespace gantry::pipeline
