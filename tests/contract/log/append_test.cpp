// Appending: positions, versions, expectations, units over several streams.
#include "tests/contract/log/fixture.hpp"

namespace gantry::log::test {
namespace {
class Append : public LogContract {};
GANTRY_LOG_CONTRACT(Append);

TEST_P(Append, GivesDensePositionsFromOne) {
  open();

  const Outcome first = log().append_wait(unit(1, {to("cart-1", kAbsent, 2)}));
  const Outcome second = log().append_wait(unit(2, {to("cart-2", kAbsent, 3)}));

  EXPECT_EQ(first.code, Code::kOk);
  EXPECT_EQ(first.committed.first, 1);
  EXPECT_EQ(first.committed.last, 2);
  EXPECT_FALSE(first.committed.repeated);
  EXPECT_EQ(second.committed.first, 3);
  EXPECT_EQ(second.committed.last, 5);
  EXPECT_EQ(log().head(), 5);
}

TEST_P(Append, StoresWhatItWasGiven) {
  open();
  Unit given =
      unit(1, {{"cart-\xC3\xA9", kAbsent, {{"test.put.v1", "{\"name\":\"\xE2\x82\xAC\"}"}}}});
  given.meta = "{\"actor\":\"alice\"}";

  log().append_wait(given);
  const Event event = *log().read(0, 1).at(0);

  EXPECT_EQ(event.position, 1);
  EXPECT_EQ(event.stream, "cart-\xC3\xA9");
  EXPECT_EQ(event.version, 1);
  EXPECT_EQ(event.id, uuid5(command(1), "0"));
  EXPECT_EQ(event.type, "test.put.v1");
  EXPECT_EQ(event.data, "{\"name\":\"\xE2\x82\xAC\"}");
  EXPECT_EQ(event.meta, "{\"actor\":\"alice\"}");
  EXPECT_EQ(event.recorded_at, clock_.now());
}

struct Expectation {
  int64_t version;   // of the stream before
  int64_t expected;  // by the caller
  Code code;
};
class Expected : public testing::TestWithParam<std::tuple<Adapter, Expectation>> {
 protected:
  ManualClock clock_;
  Folder folder_;
};
INSTANTIATE_TEST_SUITE_P(On, Expected,
                         testing::Combine(testing::ValuesIn(adapters()),
                                          testing::Values(Expectation{0, kAny, Code::kOk},
                                                          Expectation{0, kExists, Code::kConflict},
                                                          Expectation{0, kAbsent, Code::kOk},
                                                          Expectation{0, 1, Code::kConflict},
                                                          Expectation{2, kAny, Code::kOk},
                                                          Expectation{2, kExists, Code::kOk},
                                                          Expectation{2, kAbsent, Code::kConflict},
                                                          Expectation{2, 1, Code::kConflict},
                                                          Expectation{2, 2, Code::kOk},
                                                          Expectation{2, 3, Code::kConflict})));

TEST_P(Expected, VersionIsCheckedWithEventsAndWithout) {
  const auto& [adapter, given] = GetParam();
  const auto log = adapter.open(folder_.path(), {}, clock_);
  if (given.version > 0)
    log->append_wait(unit(1, {to("cart-1", kAbsent, static_cast<int>(given.version))}));

  const Outcome only_checked = log->append_wait(unit(2, {to("cart-1", given.expected, 0)}));
  const Outcome appended = log->append_wait(unit(3, {to("cart-1", given.expected, 1)}));

  EXPECT_EQ(only_checked.code, given.code);
  EXPECT_EQ(only_checked.committed.first, 0);
  EXPECT_EQ(appended.code, given.code);
  EXPECT_EQ(log->stream_version("cart-1"), given.version + (given.code == Code::kOk ? 1 : 0));
  EXPECT_EQ(log->head(), log->stream_version("cart-1"));
}

TEST_P(Append, NamesTheStreamThatMovedAndWhereItIs) {
  open();
  log().append_wait(unit(1, {to("cart-1", kAbsent, 3)}));

  const Outcome late = log().append_wait(unit(2, {to("cart-9", kAbsent), to("cart-1", 2)}));

  EXPECT_EQ(late.code, Code::kConflict);
  EXPECT_EQ(late.stream, "cart-1");
  EXPECT_EQ(late.actual, 3);
  EXPECT_EQ(late.detail, "stream 'cart-1' is at version 3, expected 2");
}

TEST_P(Append, OfSeveralStreamsIsAllOrNothing) {
  open();
  log().append_wait(unit(1, {to("cart-1", kAbsent, 1)}));

  const Outcome refused =
      log().append_wait(unit(2, {to("cart-2", kAbsent, 2), to("cart-1", kAbsent, 1)}));
  const Outcome taken = log().append_wait(unit(3, {to("cart-2", kAbsent, 2), to("cart-1", 1, 1)}));

  EXPECT_EQ(refused.code, Code::kConflict);
  EXPECT_EQ(taken.code, Code::kOk);
  EXPECT_EQ(taken.committed.first, 2);
  EXPECT_EQ(taken.committed.last, 4);
  EXPECT_EQ(log().stream_version("cart-2"), 2);
  EXPECT_EQ(log().stream_version("cart-1"), 2);
  EXPECT_EQ(all(log()).at(3)->stream, "cart-1");
}

TEST_P(Append, OfAUnitWithoutAnythingIsFine) {
  open();
  EXPECT_EQ(log().append_wait(unit(1)).code, Code::kOk);
  EXPECT_EQ(log().head(), 0);
}

TEST_P(Append, SignalsTheNewHeadAfterTheCommit) {
  open();
  std::atomic<Position> seen{0};
  log().on_commit([&](Position head) { seen = head; });

  log().append_wait(unit(1, {to("cart-1", kAbsent, 3)}));
  log().stop();  // the signal comes after the answer

  EXPECT_EQ(seen, 3);
}

TEST_P(Append, IsRefusedAfterStop) {
  open();
  log().stop();
  const Outcome outcome = log().append_wait(unit(1, {to("cart-1", kAny)}));
  EXPECT_EQ(outcome.code, Code::kUnavailable);
  EXPECT_EQ(outcome.detail, "the log is stopped");
}

TEST_P(Append, FinishesWhatIsQueuedBeforeItStops) {
  open();
  Outcomes outcomes(50);
  for (int i = 0; i < 50; ++i)
    log().append(unit(i, {to("cart-1", kAny)}), outcomes.slot(static_cast<size_t>(i)));
  log().stop();
  for (const auto& outcome : outcomes.wait()) EXPECT_EQ(outcome.code, Code::kOk);
  EXPECT_EQ(log().head(), 50);
}
}  // namespace
}  // namespace gantry::log::test
