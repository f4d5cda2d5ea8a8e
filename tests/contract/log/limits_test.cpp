// Every bound, and the sentence that names it.
#include "tests/contract/log/fixture.hpp"

namespace gantry::log::test {
namespace {
class Limit : public LogContract {
 protected:
  void expect_invalid(Unit given, const std::string& sentence) {
    const Outcome outcome = log().append_wait(std::move(given));
    EXPECT_EQ(outcome.code, Code::kInvalid);
    EXPECT_EQ(outcome.detail, sentence);
    EXPECT_EQ(log().head(), 0);
  }
};
GANTRY_LOG_CONTRACT(Limit);

TEST_P(Limit, OnEventsOfAUnit) {
  open({.append_events_max = 3});
  expect_invalid(unit(1, {to("a-1", kAny, 2), to("a-2", kAny, 2)}),
                 "a unit holds at most 3 events, this one has 4");
  EXPECT_EQ(log().append_wait(unit(1, {to("a-1", kAny, 3)})).code, Code::kOk);
}

TEST_P(Limit, OnBytesOfAnEvent) {
  open({.event_bytes_max = 20});
  auto append = to("a-1", kAny);
  append.events[0].data = "{\"a\":\"0123456789012\"}";
  expect_invalid(unit(1, {append}), "data of test.counted.v1 is at most 20 bytes, this one has 21");
  append.events[0].data = "{\"a\":\"012345678901\"}";
  EXPECT_EQ(log().append_wait(unit(1, {append})).code, Code::kOk);
}

TEST_P(Limit, OnNames) {
  open();
  expect_invalid(unit(1, {to("", kAny)}), "a stream name has 1 to 512 bytes, this one has 0");
  expect_invalid(unit(1, {to(std::string(513, 'a'), kAny)}),
                 "a stream name has 1 to 512 bytes, this one has 513");
  expect_invalid(unit(1, {to("a\n1", kAny)}), "a stream name holds no control characters");
  EXPECT_EQ(log().append_wait(unit(1, {to(std::string(512, 'a'), kAny)})).code, Code::kOk);
}

TEST_P(Limit, OnShape) {
  open();
  expect_invalid(unit(1, {to("a-1", -3)}), "stream 'a-1': -3 is no expected version");
  expect_invalid(unit(1, {to("a-1", kAny), to("a-1", kAny)}),
                 "a unit names each stream at most once, this one names 'a-1' twice");
  auto no_object = to("a-1", kAny);
  no_object.events[0].data = "[]";
  expect_invalid(unit(1, {no_object}), "data of test.counted.v1 must be one JSON object");
  Unit nameless = unit(1, {to("a-1", kAny)});
  nameless.command = Uuid();
  expect_invalid(nameless, "the unit has no command id");
  Unit twice = unit(1);
  twice.timers_set.push_back({"a-1", "k", clock_.now()});
  twice.timers_cancelled.push_back({"a-1", "k"});
  expect_invalid(twice, "a unit names each timer at most once, this one names 'k' of 'a-1' twice");
  Unit short_scope = unit(1);
  short_scope.answer.emplace();
  expect_invalid(short_scope, "scope and fingerprint of an answer are 32 bytes each");
}

TEST_P(Limit, OnWaitingUnitsIsAnsweredAtOnce) {
  open({.append_queue_max = 2});
  Outcomes outcomes(3);
  {
    HeldWriter held(log());
    for (int i = 0; i < 3; ++i)
      log().append(unit(i, {to("a-1", kAny)}), outcomes.slot(static_cast<size_t>(i)));
    const Outcome refused = outcomes.wait_for(2);  // while the writer is still held
    EXPECT_EQ(refused.code, Code::kExhausted);
    EXPECT_EQ(refused.detail, "the log's queue holds its maximum of 2 units");
  }
  EXPECT_EQ(outcomes.wait_for(0).code, Code::kOk);
  EXPECT_EQ(outcomes.wait_for(1).code, Code::kOk);
  EXPECT_EQ(log().append_wait(unit(9, {to("a-1", kAny)})).code, Code::kOk);
}

TEST_P(Limit, OnWaitingBytesLetsOneUnitThrough) {
  open({.append_queue_bytes_max = 10});
  Outcomes outcomes(2);
  {
    HeldWriter held(log());
    for (int i = 0; i < 2; ++i)
      log().append(unit(i, {to("a-1", kAny)}), outcomes.slot(static_cast<size_t>(i)));
    EXPECT_EQ(outcomes.wait_for(1).code, Code::kExhausted);
  }
  EXPECT_EQ(outcomes.wait_for(0).code, Code::kOk);
}
}  // namespace
}  // namespace gantry::log::test
