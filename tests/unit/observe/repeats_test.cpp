#include "core/observe/repeats.hpp"

#include <gtest/gtest.h>

namespace gantry::observe {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

int passed(Repeats& repeats, std::string_view event, int lines, int64_t now_ns) {
  int count = 0;
  for (int i = 0; i < lines; ++i) count += repeats.seen(Level::kError, event, now_ns).pass ? 1 : 0;
  return count;
}

TEST(Repeats, LetsTenOfOneEventPassInASecond) {
  Repeats repeats(10);
  EXPECT_EQ(passed(repeats, "a", 25, 0), 10);
  EXPECT_EQ(passed(repeats, "b", 5, 0), 5);
}

TEST(Repeats, TellsWhatWasLeftOutWithTheNextLine) {
  Repeats repeats(10);
  passed(repeats, "a", 25, 0);
  const auto verdict = repeats.seen(Level::kError, "a", kSecond);
  EXPECT_TRUE(verdict.pass);
  EXPECT_EQ(verdict.suppressed, 15u);
}

TEST(Repeats, TellsWhatWasLeftOutWhenNoLineFollows) {
  Repeats repeats(10);
  passed(repeats, "a", 25, 0);
  EXPECT_TRUE(repeats.ended(kSecond / 2).empty());
  const auto left = repeats.ended(kSecond);
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].event, "a");
  EXPECT_EQ(left[0].suppressed, 15u);
  EXPECT_TRUE(repeats.ended(2 * kSecond).empty());
}

TEST(Repeats, RemembersABoundedNumberOfNames) {
  Repeats repeats(1, 2);
  passed(repeats, "a", 1, 0);
  passed(repeats, "b", 1, 0);
  EXPECT_EQ(passed(repeats, "c", 5, 0), 5);
  EXPECT_EQ(passed(repeats, "d", 5, kSecond), 1);
}

}  // namespace
}  // namespace gantry::observe
