// Answers in pieces.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/pipeline/rig.hpp"

namespace gantry::pipeline {
namespace {

class Stream : public testing::Test {
 protected:
  Stream() : rig(small()) {
    acme.middleware("mark", "edge", {}, [this](gantry_handle exchange, const gantry_request&) {
      rig.pipeline.header(exchange, "X-Mark", "1");
    });
    acme.route("GET", "/x", [this](gantry_handle exchange, const gantry_request&) {
      held = exchange;
      EXPECT_EQ(rig.pipeline.stream_begin(exchange, 200, "text/event-stream"), GANTRY_OK);
      return GANTRY_PENDING;
    });
    rig.publish({acme.contribution}, {{"public", {"mark"}}});
  }
  static PipelineOptions small() {
    PipelineOptions options;
    options.stream_buffer_bytes_max = 10;
    return options;
  }
  gantry_rc piece(std::string_view bytes) { return rig.pipeline.stream_piece(held, bytes); }

  Rig rig;
  Plugin acme;
  gantry_handle held = 0;
};

TEST_F(Stream, SendsHeadPiecesAndEndInOrder) {
  Client& client = rig.send("GET", "/x");
  EXPECT_TRUE(client.streaming);
  EXPECT_EQ(client.header("content-type"), "text/event-stream");
  EXPECT_EQ(client.header("x-mark"), "1");
  EXPECT_EQ(client.header("x-request-id").size(), 36u);
  EXPECT_EQ(piece("ab"), GANTRY_OK);
  EXPECT_EQ(piece("cd"), GANTRY_OK);
  EXPECT_EQ(rig.pipeline.stream_end(held), GANTRY_OK);
  EXPECT_EQ(piece("ef"), GANTRY_INVALID);
  EXPECT_EQ(rig.pipeline.stream_end(held), GANTRY_INVALID);
  rig.run();
  EXPECT_EQ(client.streamed, "abcd");
  EXPECT_TRUE(client.answered);
  client.end();
  EXPECT_EQ(piece("gh"), GANTRY_STALE);
}

TEST_F(Stream, TakesNoAnswerOrHeaderOnceItHasBegun) {
  rig.send("GET", "/x");
  EXPECT_EQ(rig.pipeline.answer(held, 200, "text/plain", "x"), GANTRY_INVALID);
  EXPECT_EQ(rig.pipeline.header(held, "X", "1"), GANTRY_INVALID);
  EXPECT_EQ(rig.pipeline.stream_begin(held, 200, "text/plain"), GANTRY_INVALID);
  rig.pipeline.stream_end(held);
  rig.run();
}

TEST_F(Stream, IsBoundedByWhatWaitsForTheClient) {
  Client& client = rig.send("GET", "/x");
  client.stuck = true;
  EXPECT_EQ(piece("12345"), GANTRY_OK);
  rig.run();
  EXPECT_EQ(piece("67890"), GANTRY_OK);
  EXPECT_EQ(piece("x"), GANTRY_EXHAUSTED);
  rig.run();
  EXPECT_EQ(piece("x"), GANTRY_EXHAUSTED);
  client.stuck = false;
  rig.loop.fire_timers();
  EXPECT_EQ(piece("x"), GANTRY_OK);
  rig.pipeline.stream_end(held);
  rig.run();
  EXPECT_EQ(client.streamed, "1234567890x");
}

TEST_F(Stream, EndsOnlyAfterWhatTheClientDidNotTakeYet) {
  Client& client = rig.send("GET", "/x");
  client.stuck = true;
  piece("12345");
  rig.pipeline.stream_end(held);
  rig.run();
  EXPECT_FALSE(client.answered);
  client.stuck = false;
  rig.loop.fire_timers();
  EXPECT_TRUE(client.answered);
  EXPECT_EQ(client.streamed, "12345");
}

TEST_F(Stream, IsStaleWhenTheClientHasGoneAndIsOverWithThat) {
  Client& client = rig.send("GET", "/x");
  client.end(false);
  bool drained = false;
  rig.pipeline.publish(rig.pipeline.current(), {}, [&] { drained = true; });
  rig.run();
  EXPECT_FALSE(drained);
  EXPECT_EQ(piece("a"), GANTRY_STALE);
  rig.run();
  EXPECT_TRUE(drained);
}

TEST_F(Stream, MayBeWholeBeforeItsHandlerReturns) {
  for (const uint32_t thread : {GANTRY_ON_LOOP, GANTRY_ON_WORKER}) {
    for (const uint32_t verdict : {GANTRY_DONE, GANTRY_PENDING}) {
      Rig fresh;
      Plugin plugin;
      plugin
          .route("GET", "/x",
                 [&](gantry_handle exchange, const gantry_request&) {
                   fresh.pipeline.stream_begin(exchange, 200, "text/plain");
                   fresh.pipeline.stream_piece(exchange, "all");
                   fresh.pipeline.stream_end(exchange);
                   return verdict;
                 })
          .thread = thread;
      fresh.publish({plugin.contribution});
      Client& client = fresh.send("GET", "/x");
      EXPECT_TRUE(client.answered) << thread << verdict;
      EXPECT_EQ(client.streamed, "all");
      client.end();
      EXPECT_EQ(plugin.contribution.owner->failures, 0u);
    }
  }
}

TEST_F(Stream, IsEndedForAHandlerThatIsDoneWithoutEndingIt) {
  acme.route("GET", "/y", [this](gantry_handle exchange, const gantry_request&) {
    rig.pipeline.stream_begin(exchange, 200, "text/plain");
    rig.pipeline.stream_piece(exchange, "a");
    return GANTRY_DONE;
  });
  rig.publish({acme.contribution}, {{"public", {}}});
  Client& client = rig.send("GET", "/y");
  EXPECT_TRUE(client.answered);
  EXPECT_EQ(client.streamed, "a");
}

}  // namespace
}  // namespace gantry::pipeline
