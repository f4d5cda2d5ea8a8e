// What a store remembers of the log, and when it knows that it does not.
#include "core/log/remembered.hpp"

#include <gtest/gtest.h>

#include "gantry/text.hpp"

namespace gantry::log {
namespace {

Uuid id(uint8_t n) {
  std::array<uint8_t, 16> bytes{};
  bytes[15] = n;
  return Uuid(bytes);
}

// One event that makes version `version` of the stream at `position`.
Changes change(std::string_view stream, int64_t stream_id, int64_t version, Position position) {
  Changes changes;
  changes.streams.push_back({stream_id, stream, version, version == 1});
  EventRow row;
  row.event.position = position;
  row.event.stream = stream;
  row.event.version = version;
  row.event.id = id(static_cast<uint8_t>(position));
  row.stream_id = stream_id;
  changes.events.push_back(row);
  return changes;
}

Facts facts_at(Position head, int64_t last_stream_id) {
  Facts facts;
  facts.head = head;
  facts.last_stream_id = last_stream_id;
  return facts;
}

Questions about(std::vector<std::string_view> streams) {
  Questions questions;
  questions.streams = std::move(streams);
  questions.events.push_back(id(99));
  return questions;
}

TEST(Remembered, IsNothingBeforeTheFirstCommit) {
  Remembered remembered;
  remembered.read(facts_at(7, 3));
  EXPECT_FALSE(remembered.answers(about({"cart-1"}), {}));
}

TEST(Remembered, IsTheHeadAndTheStreamsThatWereWritten) {
  Remembered remembered;
  remembered.read(facts_at(7, 3));
  remembered.wrote(change("cart-1", 4, 1, 8));
  const auto facts = remembered.answers(about({"cart-1", "cart-2"}), Instant(5));
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->head, 8);
  EXPECT_EQ(facts->last_stream_id, 4);
  EXPECT_EQ(facts->now, Instant(5));
  EXPECT_EQ(remembered.head_id(), id(8));
  EXPECT_EQ(facts->streams[0].id, 4);
  EXPECT_EQ(facts->streams[0].version, 1);
  EXPECT_EQ(facts->streams[0].tip, id(8));
  EXPECT_EQ(facts->streams[1].id, 0) << "not written to lately: taken for absent";
  EXPECT_EQ(facts->events, std::vector<Position>{0}) << "no command is taken for a known one";
}

TEST(Remembered, SaysNothingOfAnswersAndTimers) {
  Remembered remembered;
  remembered.wrote(change("cart-1", 1, 1, 1));
  Questions answer = about({"cart-1"}), timer = about({"cart-1"});
  answer.scopes.push_back("scope");
  const DueTimer due;
  timer.timers.push_back(&due);
  EXPECT_FALSE(remembered.answers(answer, {}));
  EXPECT_FALSE(remembered.answers(timer, {}));
  EXPECT_FALSE(remembered.answers(Questions(), {})) << "a probe asks nothing";
}

TEST(Remembered, IsForgottenWhereSomebodyElseHasWritten) {
  Remembered remembered;
  remembered.wrote(change("cart-1", 1, 1, 1));
  remembered.read(facts_at(1, 1));
  EXPECT_TRUE(remembered.answers(about({"cart-1"}), {}));
  remembered.read(facts_at(2, 1));
  EXPECT_FALSE(remembered.answers(about({"cart-1"}), {}));
}

TEST(Remembered, HasABound) {
  Remembered remembered;
  for (int n = 1; n <= 5000; ++n) remembered.wrote(change(join("cart-", n), n, 1, n));
  const auto facts = remembered.answers(about({"cart-1", "cart-5000"}), {});
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->streams[0].id, 0);
  EXPECT_EQ(facts->streams[1].id, 5000);
  EXPECT_EQ(facts->last_stream_id, 5000);
}

}  // namespace
}  // namespace gantry::log
