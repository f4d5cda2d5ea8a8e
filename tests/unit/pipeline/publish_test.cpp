// publish(): when a snapshot is used, and when the one before is not any more.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/pipeline/rig.hpp"

namespace gantry::pipeline {
namespace {

class Publish : public testing::Test {
 protected:
  // A snapshot whose one handler is PENDING.
  SnapshotPtr snapshot() {
    Plugin& plugin = *plugins_.emplace_back(std::make_unique<Plugin>());
    plugin.route("GET", "/x", [this](gantry_handle exchange, const gantry_request&) {
      handles.push_back(exchange);
      return GANTRY_PENDING;
    });
    return build_snapshot({plugin.contribution}, {{"public", {}}}).snapshot;
  }
  void publish(std::string name) {
    pipeline.publish(
        snapshot(), [this, name] { told.push_back(name + " switched"); },
        [this, name] { told.push_back(name + " drained"); });
  }
  Client& begin(Loop& loop) {
    Client& client = *clients.emplace_back(std::make_unique<Client>(pipeline, loop));
    client.begin("GET", "/x");
    return client;
  }
  void answer(size_t i) {
    pipeline.answer(handles[i], 204, "", "");
    pipeline.resume(handles[i], GANTRY_DONE);
  }
  void run() {
    for (bool more = true; more;) {
      const bool first = one.run();
      more = two.run() || first;
    }
  }

  FakeLoop one{0}, two{1};
  FakeClock clock;
  FakeIds ids;
  FakeLogger logger;
  Pipeline pipeline{{}, {clock, ids, logger, nullptr, {}, {}, {}}, {&one, &two}};
  std::vector<gantry_handle> handles;
  std::vector<std::string> told;
  std::vector<std::unique_ptr<Client>> clients;

 private:
  std::vector<std::unique_ptr<Plugin>> plugins_;
};

using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(Publish, AnswersUntilTheFirstThatTheServerIsStartingWhichIsNoError) {
  Client& client = begin(one);
  EXPECT_EQ(client.exchange.response.status, 503);
  client.end();
  EXPECT_THAT(logger.lines_of("error http.failed"), IsEmpty());
  EXPECT_EQ(logger.lines_of("debug http.failed").size(), 1u);
}

TEST_F(Publish, HasSwitchedWhenEveryLoopHas) {
  publish("a");
  one.run();
  EXPECT_THAT(told, IsEmpty());
  two.run();
  EXPECT_THAT(told, ElementsAre("a switched", "a drained"));
}

TEST_F(Publish, HasDrainedWhenTheLastOldRequestOnAnyLoopIsOver) {
  publish("a");
  run();
  Client& first = begin(one);
  Client& second = begin(two);
  told.clear();
  publish("b");
  run();
  EXPECT_THAT(told, ElementsAre("b switched"));
  answer(0);
  run();
  first.end();
  EXPECT_THAT(told, ElementsAre("b switched"));
  answer(1);
  run();
  second.end();
  EXPECT_THAT(told, ElementsAre("b switched", "b drained"));
}

TEST_F(Publish, DoesNotWaitForRequestsThatBeganAfterIt) {
  publish("a");
  run();
  begin(one);
  told.clear();
  publish("b");
  run();
  begin(one);
  answer(0);
  run();
  clients[0]->end();
  EXPECT_THAT(told, ElementsAre("b switched", "b drained"));
  answer(1);
  run();
}

TEST_F(Publish, WaitsForWorkThatOutlivesItsExchange) {
  publish("a");
  run();
  Client& timed_out = begin(one);
  Client& vanished = begin(two);
  timed_out.time_out();
  timed_out.end();
  vanished.end(false);
  told.clear();
  publish("b");
  run();
  EXPECT_THAT(told, ElementsAre("b switched"));
  answer(0);
  run();
  EXPECT_THAT(told, ElementsAre("b switched"));
  answer(1);
  run();
  EXPECT_THAT(told, ElementsAre("b switched", "b drained"));
}

TEST_F(Publish, DrainsInOrderWhenOneFollowsAnother) {
  publish("a");
  run();
  begin(one);
  told.clear();
  publish("b");
  publish("c");
  run();
  EXPECT_THAT(told, ElementsAre("b switched", "c switched"));
  answer(0);
  run();
  clients[0]->end();
  EXPECT_THAT(told, ElementsAre("b switched", "c switched", "b drained", "c drained"));
}

TEST_F(Publish, FreesTheOldSnapshotBeforeItSaysDrained) {
  publish("a");
  run();
  const std::weak_ptr<const Snapshot> old = pipeline.current();
  bool freed = false;
  pipeline.publish(snapshot(), {}, [&] { freed = old.expired(); });
  run();
  EXPECT_TRUE(freed);
}

}  // namespace
}  // namespace gantry::pipeline
