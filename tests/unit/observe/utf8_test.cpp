#include "core/observe/utf8.hpp"

#include <gtest/gtest.h>

namespace gantry::observe {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  append_escaped(out, text);
  return out;
}

TEST(AppendEscaped, LeavesPrintableTextAlone) {
  EXPECT_EQ(escaped("Grüße, 世界 🎫"), "Grüße, 世界 🎫");
}

TEST(AppendEscaped, EscapesWhatJsonAndTerminalsActOn) {
  EXPECT_EQ(escaped("a\"b\\c\nd\x1b[31m\x7f\xC2\x9B"), "a\\\"b\\\\c\\nd\\u001b[31m\\u007f\\u009b");
}

TEST(AppendEscaped, ReplacesEachMalformedByte) {
  EXPECT_EQ(escaped("a\xFFz"), "a\xEF\xBF\xBDz");
  EXPECT_EQ(escaped("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD");                  // overlong
  EXPECT_EQ(escaped("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // surrogate
  EXPECT_EQ(escaped("\xF0\x9F\x8E"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // cut off
}

TEST(Cut, NeverSplitsASequence) {
  EXPECT_EQ(cut("aé", 2), "a");
  EXPECT_EQ(cut("aé", 3), "aé");
  EXPECT_EQ(cut("🎫", 3), "");
  EXPECT_EQ(cut("abc", 2), "ab");
}

TEST(WellFormed, ReplacesMalformedBytesAndKeepsControls) {
  EXPECT_EQ(well_formed("a\n\x80"), "a\n\xEF\xBF\xBD");
}

}  // namespace
}  // namespace gantry::observe
