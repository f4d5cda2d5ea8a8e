#include "core/observe/log_line.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace gantry::observe {
namespace {

using testing::HasSubstr;
using testing::Not;

const LogLine line({.instance = "one", .version = "0.1.0"});

LogRecord record(std::string_view message, Fields fields = {}) {
  return {
      Level::kWarn, *Instant::parse("2026-11-23T08:15:30.123456Z"), "a.thing", message, fields, 0};
}

TEST(JsonLine, CarriesTheMandatoryFieldsThenTheOthers) {
  const Field fields[] = {{"text", "x"}, {"count", 3}, {"ratio", 0.5}, {"yes", true}};
  EXPECT_EQ(
      line.json(record("hello", fields)),
      "{\"timestamp\":\"2026-11-23T08:15:30.123456Z\",\"level\":\"warn\",\"message\":\"hello\","
      "\"service\":\"gantry\",\"instance\":\"one\",\"version\":\"0.1.0\",\"event\":\"a.thing\","
      "\"text\":\"x\",\"count\":3,\"ratio\":0.5,\"yes\":true}\n");
}

TEST(JsonLine, UserTextCannotForgeAFieldOrALine) {
  const Field fields[] = {{"name", "\",\"level\":\"info\"}\n{"}};
  const std::string text = line.json(record("m", fields));
  EXPECT_THAT(text, HasSubstr(R"("name":"\",\"level\":\"info\"}\n{"})"));
  EXPECT_EQ(text.find('\n'), text.size() - 1);
}

TEST(JsonLine, AFieldCannotTakeAMandatoryName) {
  const Field fields[] = {{"level", "debug"}};
  EXPECT_THAT(line.json(record("m", fields)), HasSubstr("\"field_level\":\"debug\""));
}

TEST(JsonLine, CutsLongFieldsAtTwoKilobytesAndSaysSo) {
  const std::string text(3000, 'x');
  const Field fields[] = {{"long", text}};
  const std::string json = line.json(record("m", fields));
  EXPECT_THAT(json, HasSubstr('"' + std::string(2048, 'x') + '"'));
  EXPECT_THAT(json, HasSubstr(",\"truncated\":true}"));
}

TEST(JsonLine, NeverExceedsSixteenKilobytesAndKeepsWhatFits) {
  const std::string text(2000, '\x01');  // six bytes each when escaped
  const Field fields[] = {{"a", text}, {"b", text}, {"c", 1}};
  const std::string json = line.json(record("m", fields));
  EXPECT_LE(json.size(), 16384u);
  EXPECT_THAT(json, HasSubstr("\"c\":1,\"truncated\":true}"));
  EXPECT_THAT(json, Not(HasSubstr("\"b\":")));
}

TEST(JsonLine, WritesNullForWhatJsonCannotSay) {
  const Field fields[] = {{"ratio", std::nan("")}};
  EXPECT_THAT(line.json(record("m", fields)), HasSubstr("\"ratio\":null"));
}

TEST(PrettyLine, IsOneLineWithoutControlCharactersOfTheUser) {
  const Field fields[] = {{"path", "/api/events"}, {"agent", "x \x1b[2J"}, {"status", 200}};
  EXPECT_EQ(line.pretty(record("two\nlines", fields), false),
            "08:15:30.123456 WARN  two\\nlines  [a.thing] path=/api/events agent=\"x \\u001b[2J\" "
            "status=200\n");
}

TEST(PrettyLine, ColoursTheLevelOnlyWhenAsked) {
  EXPECT_THAT(line.pretty(record("m"), true), HasSubstr("\x1b[33mWARN"));
  EXPECT_THAT(line.pretty(record("m"), false), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace gantry::observe
