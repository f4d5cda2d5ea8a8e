// Durable timers: once, never early, also after a restart.
#include "tests/contract/log/fixture.hpp"

namespace gantry::log::test {
namespace {
using namespace std::chrono_literals;

class Timer : public LogContract {
 protected:
  void set(int n, const std::string& stream, const std::string& key, std::chrono::microseconds in,
           const std::string& payload = "{}") {
    Unit given = unit(n);
    given.timers_set.push_back({stream, key, clock_.now() + in, payload});
    ASSERT_EQ(log().append_wait(given).code, Code::kOk);
  }
  void cancel(int n, const std::string& stream, const std::string& key) {
    Unit given = unit(n);
    given.timers_cancelled.push_back({stream, key});
    ASSERT_EQ(log().append_wait(given).code, Code::kOk);
  }
  // Fires a timer that is due now. When it is there, everything else that was due before it has
  // fired too.
  void look() {
    const Position head = log().head();
    set(look_, "look-1", "k" + std::to_string(look_), 0us);
    ++look_;
    ASSERT_TRUE(reaches(log(), head + 1));
  }
  int look_ = 5000;
};
GANTRY_LOG_CONTRACT(Timer);

TEST_P(Timer, AppendsItsEventToItsStream) {
  open();
  const Instant due = clock_.now() + 10s;
  log().append_wait(unit(1, {to("hold-1", kAbsent)}));
  set(2, "hold-1", "expiry", 10s, "{\"seats\":3}");

  clock_.advance(10s);
  ASSERT_TRUE(reaches(log(), 2));

  const Event event = *log().read(1, 1).at(0);
  EXPECT_EQ(event.stream, "hold-1");
  EXPECT_EQ(event.version, 2);
  EXPECT_EQ(event.type, "gantry.timer_fired.v1");
  EXPECT_EQ(event.data,
            "{\"key\":\"expiry\",\"due_at\":\"" + due.text() + "\",\"payload\":{\"seats\":3}}");
}

TEST_P(Timer, IsNeverEarly) {
  open();
  set(1, "hold-1", "expiry", 10s);
  clock_.advance(10s - 1us);
  look();
  look();
  EXPECT_EQ(log().stream_version("hold-1"), 0);
  clock_.advance(1us);
  EXPECT_TRUE(reaches(log(), 3));
  EXPECT_EQ(log().stream_version("hold-1"), 1);
}

TEST_P(Timer, FiresOnce) {
  open();
  set(1, "hold-1", "expiry", 1s);
  clock_.advance(1h);
  ASSERT_TRUE(reaches(log(), 1));
  look();
  look();
  EXPECT_EQ(log().stream_version("hold-1"), 1);
}

TEST_P(Timer, SurvivesReopeningAndFiresOnce) {
  open();
  set(1, "hold-1", "expiry", 1s);
  open();
  clock_.advance(2s);
  ASSERT_TRUE(reaches(log(), 1));
  open();
  look();
  EXPECT_EQ(log().stream_version("hold-1"), 1);
}

TEST_P(Timer, ThatBecameDueWhileClosedFiresOnOpening) {
  open();
  set(1, "hold-1", "expiry", 1s);
  log().stop();
  clock_.advance(1h);
  open();
  EXPECT_TRUE(reaches(log(), 1));
}

TEST_P(Timer, IsMovedBySettingItAgain) {
  open();
  set(1, "hold-1", "expiry", 10s);
  set(2, "hold-1", "expiry", 20s, "{\"moved\":true}");
  clock_.advance(15s);
  look();
  EXPECT_EQ(log().stream_version("hold-1"), 0);
  clock_.advance(5s);
  ASSERT_TRUE(reaches(log(), 2));
  EXPECT_THAT(stream_of(log(), "hold-1").at(0).data, testing::HasSubstr("\"moved\":true"));
}

TEST_P(Timer, IsMovedNearer) {
  open();
  set(1, "hold-1", "expiry", 10h);
  set(2, "hold-1", "expiry", 1s);
  clock_.advance(1s);
  EXPECT_TRUE(reaches(log(), 1));
}

TEST_P(Timer, DoesNotFireWhenCancelled) {
  open();
  set(1, "hold-1", "expiry", 10s);
  cancel(2, "hold-1", "expiry");
  clock_.advance(1h);
  look();
  EXPECT_EQ(log().stream_version("hold-1"), 0);
}

TEST_P(Timer, MayBeSetAgainAfterItFired) {
  open();
  set(1, "hold-1", "expiry", 1s);
  clock_.advance(1s);
  ASSERT_TRUE(reaches(log(), 1));
  set(2, "hold-1", "expiry", 1s);
  clock_.advance(1s);
  ASSERT_TRUE(reaches(log(), 2));
  const auto events = stream_of(log(), "hold-1");
  EXPECT_NE(events.at(0).id, events.at(1).id);
}

TEST_P(Timer, IsNotSetAgainByARepeatedCommand) {
  open();
  const Instant due = clock_.now() + 1s;
  Unit with_event = unit(1, {to("hold-1", kAny)});
  with_event.timers_set.push_back({"hold-1", "a", due});
  Unit without = unit(2);
  without.timers_set.push_back({"hold-1", "b", due});
  log().append_wait(with_event);
  log().append_wait(without);
  clock_.advance(1s);
  ASSERT_TRUE(reaches(log(), 3));

  log().append_wait(with_event);
  log().append_wait(without);
  look();

  EXPECT_EQ(log().stream_version("hold-1"), 3);
}

TEST_P(Timer, IsNotSetByARefusedUnit) {
  open();
  Unit refused = unit(1, {to("hold-1", 7)});
  refused.timers_set.push_back({"hold-1", "expiry", clock_.now()});
  EXPECT_EQ(log().append_wait(refused).code, Code::kConflict);
  look();
  EXPECT_EQ(log().stream_version("hold-1"), 0);
}

TEST_P(Timer, OfTheSameKeyOnAnotherStreamIsAnother) {
  open();
  set(1, "hold-1", "expiry", 1s);
  set(2, "hold-2", "expiry", 1s);
  cancel(3, "hold-1", "expiry");
  clock_.advance(1s);
  ASSERT_TRUE(reaches(log(), 1));
  EXPECT_EQ(log().stream_version("hold-2"), 1);
}

TEST_P(Timer, CrowdsFireCompletely) {
  open();
  Unit many = unit(1);
  for (int i = 0; i < 300; ++i) {  // several batches
    many.timers_set.push_back({"hold-" + std::to_string(i), "expiry", clock_.now() + 1s});
  }
  ASSERT_EQ(log().append_wait(many).code, Code::kOk);
  clock_.advance(1s);
  ASSERT_TRUE(reaches(log(), 300));
  look();
  EXPECT_EQ(all(log()).size(), 301u);
  EXPECT_EQ(log().stats().timers_fired, 301u);
}
}  // namespace
}  // namespace gantry::log::test
