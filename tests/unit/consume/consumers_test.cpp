#include "core/consume/consumers.hpp"

#include <gtest/gtest.h>

#include <future>
#include <map>
#include <set>
#include <thread>

#include "tests/unit/consume/rig.hpp"

namespace gantry::consume {
namespace {

using testing::HasSubstr;

Code code_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& e) {
    return e.code();
  }
  return Code::kOk;
}

TEST(Consumers, RefusesASecondConsumerOfOneName) {
  Rig rig;
  rig.consumers->add("a", rig.seen());
  EXPECT_EQ(code_of([&] { rig.consumers->add("b", rig.seen()); }), Code::kConflict);
  EXPECT_EQ(code_of([&] { rig.consumers->add("b", Process{"seen", {}, {}}); }), Code::kConflict);
}

TEST(Consumers, DoesNothingBeforeStart) {
  Rig rig;
  rig.consumers->add("a", rig.seen());
  rig.log.add("x");
  EXPECT_FALSE(rig.consumers->wait_for("seen", 1, 1ms));
  rig.consumers->start("a");
  rig.consumers->start("a");  // the second time changes nothing
  EXPECT_TRUE(rig.consumers->wait_for("seen", 1, kLong));
}

TEST(Consumers, ListsEveryConsumerWithItsState) {
  Rig rig;
  rig.consumers->add("b", rig.seen());
  rig.consumers->add("a", Process{"act", {{"*"}}, [](const log::Event&) {}});
  rig.consumers->start("b");
  rig.log.add("x");
  rig.consumers->wait_for("seen", 1, kLong);
  const auto list = rig.consumers->list();
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].name, "act");
  EXPECT_EQ(list[0].owner, "a");
  EXPECT_EQ(name_of(list[0].kind), "process");
  EXPECT_EQ(name_of(list[0].state), "stopped");
  EXPECT_EQ(list[0].lag, 1);
  EXPECT_EQ(list[1].name, "seen");
  EXPECT_EQ(name_of(list[1].kind), "projection");
  EXPECT_EQ(name_of(list[1].state), "running");
  EXPECT_EQ(list[1].position, 1);
  EXPECT_EQ(list[1].lag, 0);
}

TEST(Consumers, AnUnknownNameIsNotFound) {
  Rig rig;
  EXPECT_EQ(code_of([&] { rig.consumers->position("no"); }), Code::kNotFound);
  EXPECT_EQ(code_of([&] { rig.consumers->wait_for("no", 1, 1ms); }), Code::kNotFound);
  EXPECT_EQ(code_of([&] { rig.consumers->when("no", 1, 1, [](bool) {}); }), Code::kNotFound);
}

TEST(Consumers, CallsBackOnceTheRowsAreThere) {
  Rig rig;
  rig.consumers->add("a", rig.seen());
  rig.consumers->start("a");
  std::promise<size_t> rows;
  rig.consumers->when("seen", 3, 20000,
                      [&](bool reached) { rows.set_value(reached ? rig.rows().size() : 0); });
  for (int i = 0; i < 3; ++i) rig.log.add("x");
  EXPECT_EQ(rows.get_future().get(), 3u);
}

TEST(Consumers, ARemovedOwnerIsGoneAndThoseWhoWaitAreToldNo) {
  Rig rig;
  auto alive = std::make_shared<int>(1);
  Projection projection = rig.seen();
  projection.apply = [alive](const log::Event&, sql::Session&) {};
  rig.consumers->add("a", std::move(projection));
  rig.consumers->start("a");
  std::promise<bool> answer;
  rig.consumers->when("seen", 100, 3600000, [&](bool reached) { answer.set_value(reached); });
  EXPECT_EQ(code_of([&] { rig.consumers->remove("a"); }), Code::kConflict);
  EXPECT_TRUE(rig.consumers->stop("a", kLong).empty());
  rig.consumers->remove("a");
  EXPECT_FALSE(answer.get_future().get());
  EXPECT_EQ(alive.use_count(), 1);  // the owner's code is let go of
  EXPECT_TRUE(rig.consumers->list().empty());
  rig.consumers->add("b", rig.seen());
}

TEST(Consumers, StopsOneOwnerWhileAnotherIsStuck) {
  Rig rig;
  std::promise<void> begun, go;
  rig.consumers->add("stuck", Process{"act", {{"*"}}, [&](const log::Event&) {
                                        begun.set_value();
                                        go.get_future().wait();
                                      }});
  rig.consumers->add("fine", rig.seen());
  rig.consumers->start("stuck");
  rig.consumers->start("fine");
  rig.log.add("x");
  begun.get_future().wait();
  EXPECT_FALSE(rig.consumers->stop("stuck", 0ms).empty());
  EXPECT_TRUE(rig.consumers->wait_for("seen", 1, kLong));
  EXPECT_TRUE(rig.consumers->stop("fine", kLong).empty());
  go.set_value();
}

TEST(Consumers, CountsWhatIsConsumed) {
  Rig rig;
  rig.consumers->add("a", rig.seen());
  rig.consumers->start("a");
  for (int i = 0; i < 3; ++i) rig.log.add("x");
  rig.consumers->wait_for("seen", 3, kLong);
  EXPECT_THAT(rig.metrics.text(),
              HasSubstr("event_bus_messages_consumed_total{group=\"seen\",result=\"ok\","
                        "topic=\"log\"} 3"));
}

TEST(Consumers, ShowTheLagOfOneThatDoesNotMove) {
  Rig rig;
  rig.consumers->add("a", rig.seen());
  rig.log.add("x");
  rig.log.add("x");
  EXPECT_TRUE(rig.eventually([&] {
    return rig.metrics.text().find(
               "event_bus_consumer_lag{group=\"seen\",partition=\"0\",topic="
               "\"log\"} 2") != std::string::npos;
  }));
}

// Starting and stopping under load, 200 times: nothing is lost, doubled or reordered.
TEST(Consumers, LoseNothingWhileTheirOwnerComesAndGoes) {
  constexpr int kStreams = 7, kRounds = 200, kEventsPerRound = 20;
  Rig rig;
  std::mutex mutex;
  std::map<std::string, std::vector<int64_t>> handled;
  std::set<log::Position> failed;
  rig.consumers->add("a", rig.seen());
  rig.consumers->add(
      "a", Process{"act", {{"*"}}, [&](const log::Event& event) {
                     const std::lock_guard lock(mutex);
                     if (event.position % 50 == 0 && failed.insert(event.position).second) {
                       throw Error(Code::kUnavailable, "the first time");
                     }
                     handled[event.stream].push_back(event.version);
                   }});
  std::atomic<int64_t> allowed =
      0;  // how far the appender may be, so that each round has its share
  int64_t appended = 0;
  std::thread appender([&] {
    for (; appended < kRounds * kEventsPerRound; ++appended) {
      while (appended >= allowed) std::this_thread::yield();
      rig.log.add(join("s-", appended % kStreams));
    }
  });
  bool all_stopped = true;
  for (int i = 0; i < kRounds; ++i) {
    allowed += kEventsPerRound;
    rig.consumers->start("a");
    if (i % 2 == 0) rig.consumers->wait_for("act", allowed - kEventsPerRound / 2, kLong);
    all_stopped = all_stopped && rig.consumers->stop("a", kLong).empty();
  }
  appender.join();
  rig.consumers->start("a");
  EXPECT_TRUE(all_stopped);
  ASSERT_TRUE(rig.consumers->wait_for("seen", appended, kLong));
  ASSERT_TRUE(rig.consumers->wait_for("act", appended, kLong));
  EXPECT_EQ(rig.rows(), up_to(appended));
  for (int s = 0; s < kStreams; ++s) {
    EXPECT_EQ(handled[join("s-", s)], up_to((appended - s + kStreams - 1) / kStreams)) << s;
  }
}

}  // namespace
}  // namespace gantry::consume
