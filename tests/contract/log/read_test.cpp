// Reading: the log, one stream, one event.
#include "tests/contract/log/fixture.hpp"

namespace gantry::log::test {
namespace {
class Read : public LogContract {};
GANTRY_LOG_CONTRACT(Read);

TEST_P(Read, OfAnEmptyLogFindsNothing) {
  open();
  EXPECT_TRUE(log().read(0, 10).empty());
  EXPECT_EQ(log().stream_version("cart-1"), 0);
  EXPECT_FALSE(log().find(uuid5(command(1), "0")).has_value());
  EXPECT_TRUE(stream_of(log(), "cart-1").empty());
  EXPECT_EQ(log().head(), 0);
}

TEST_P(Read, StartsAfterAPositionAndEndsAtTheMaximum) {
  open();
  log().append_wait(unit(1, {to("cart-1", kAny, 10)}));
  const auto page = log().read(3, 4);
  ASSERT_EQ(page.size(), 4u);
  EXPECT_EQ(page.front()->position, 4);
  EXPECT_EQ(page.back()->position, 7);
  EXPECT_EQ(log().read(8, 100).size(), 2u);
  EXPECT_TRUE(log().read(10, 100).empty());
  EXPECT_TRUE(log().read(11, 100).empty());
}

TEST_P(Read, NeverReturnsMoreThanAPage) {
  open({.read_page_events_max = 5});
  log().append_wait(unit(1, {to("cart-1", kAny, 12)}));
  EXPECT_EQ(log().read(0, 1000).size(), 5u);
  EXPECT_EQ(all(log()).size(), 12u);
}

TEST_P(Read, OfAStreamGivesItsEventsByVersion) {
  open();
  for (int i = 0; i < 5; ++i) log().append_wait(unit(i, {to("cart-1", kAny), to("cart-2", kAny)}));

  std::vector<int64_t> versions;
  const uint32_t visited = log().read_stream("cart-2", 1, 3, [&](const Event& event) {
    EXPECT_EQ(event.stream, "cart-2");
    versions.push_back(event.version);
    return true;
  });

  EXPECT_EQ(visited, 3u);
  EXPECT_THAT(versions, testing::ElementsAre(2, 3, 4));
}

TEST_P(Read, OfAStreamStopsWhenTheVisitorSaysSo) {
  open();
  log().append_wait(unit(1, {to("cart-1", kAny, 9)}));
  EXPECT_EQ(
      log().read_stream("cart-1", 0, 100, [](const Event& event) { return event.version < 2; }),
      2u);
}

TEST_P(Read, OfAStreamMayReadAnotherInItsVisitor) {
  open();
  log().append_wait(unit(1, {to("cart-1", kAny, 2), to("cart-2", kAny, 3)}));
  size_t inner = 0;
  log().read_stream("cart-1", 0, 100, [&](const Event&) {
    inner += stream_of(log(), "cart-2").size();
    return true;
  });
  EXPECT_EQ(inner, 6u);
}

TEST_P(Read, FindsAnEventByItsId) {
  open();
  log().append_wait(unit(1, {to("cart-1", kAny, 2)}));
  log().append_wait(unit(2, {to("cart-1", kAny, 2)}));
  EXPECT_EQ(log().find(uuid5(command(2), "1")).value().position, 4);
  EXPECT_FALSE(log().find(uuid5(command(2), "2")).has_value());
}

TEST_P(Read, ComesBackAfterReopening) {
  open();
  log().append_wait(unit(1, {to("cart-1", kAbsent, 3)}));
  open();
  EXPECT_EQ(log().head(), 3);
  EXPECT_EQ(all(log()).size(), 3u);
  EXPECT_EQ(log().append_wait(unit(2, {to("cart-1", 3)})).committed.first, 4);
}

TEST_P(Read, AfterStopIsUnavailable) {
  open();
  log().stop();
  try {
    log().read(0, 1);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Code::kUnavailable);
  }
}
}  // namespace
}  // namespace gantry::log::test
