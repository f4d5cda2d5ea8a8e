// JsonDocument: what is taken, what is refused and with which sentence, and reading values.
#include "core/base/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace gantry::base {
namespace {

struct Refused {
  std::string text;
  std::string error;
};

class NotJson : public testing::TestWithParam<Refused> {};

TEST_P(NotJson, IsRefusedWithReasonAndPlace) {
  JsonDocument document;
  EXPECT_FALSE(document.parse(GetParam().text));
  EXPECT_EQ(document.root(), nullptr);
  EXPECT_EQ(document.code(), Code::kInvalid);
  EXPECT_EQ(document.error(), GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    Json, NotJson,
    testing::Values(Refused{"", "Expected a value, found nothing at byte 0."},
                    Refused{"  ", "Expected a value, found nothing at byte 2."},
                    Refused{"{} x", "Expected the end of the text at byte 3."},
                    Refused{std::string("1\0 2", 4), "Expected the end of the text at byte 1."},
                    Refused{"{\"a\":1,}", "Expected a member name in quotes at byte 7."},
                    Refused{"{a:1}", "Expected a member name in quotes at byte 1."},
                    Refused{"{\"a\" 1}", "Expected a colon at byte 5."},
                    Refused{"{\"a\":1 2}", "Expected a comma or } at byte 7."},
                    Refused{"[1 2]", "Expected a comma or ] at byte 3."},
                    Refused{"\"abc", "String without its closing quote at byte 4."},
                    Refused{"\"a\x01\"", "Unknown escape or control character at byte 2."},
                    Refused{"\"\\ud800\"", "Lone surrogate in a string at byte 1."},
                    Refused{"\"\\udc00\"", "Lone surrogate in a string at byte 8."},
                    Refused{"\"\xff\"", "Not UTF-8 at byte 1."},
                    Refused{"\"\xed\xa0\x80\"", "Not UTF-8 at byte 1."},
                    Refused{"\"\xc0\xaf\"", "Not UTF-8 at byte 1."},
                    Refused{"1e400", "Number too large at byte 0."},
                    Refused{"{\"a\":1,\"b\":2,\"a\":3}", "Member name used twice at byte 14."},
                    Refused{"{\"x\":{\"a\":1,\"\\u0061\":3}}",
                            "Member name used twice at byte 13."},
                    Refused{"NaN", "Expected a value at byte 0."},
                    Refused{"[1,]", "Expected a value at byte 3."},
                    Refused{"\xef\xbb\xbf{}", "Expected a value at byte 0."}));

TEST(JsonDocument, TakesWhatTheStandardAllows) {
  JsonDocument document;
  for (const std::string text : {"0", "-0", "null", "\"\\u0000\"", "[]", " { \"\" : [ ] } ",
                                 "\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\"", "1E-5"}) {
    EXPECT_TRUE(document.parse(text)) << text << ": " << document.error();
  }
}

TEST(JsonDocument, AllowsAnArrayAsDeepAsTheBoundAndNotDeeper) {
  JsonDocument document(JsonBounds{4, 100, 100});
  EXPECT_TRUE(document.parse("[[[[1]]]]"));
  EXPECT_FALSE(document.parse("[[[[[1]]]]]"));
  EXPECT_EQ(document.code(), Code::kExhausted);
  EXPECT_EQ(document.error(), "Nested too deeply at byte 4.");
}

TEST(JsonDocument, DoesNotOverflowTheStackOnManyOpenBrackets) {
  JsonDocument bounded;
  EXPECT_FALSE(bounded.parse(std::string(200'000, '[')));
  JsonDocument unbounded(JsonBounds{std::numeric_limits<uint32_t>::max(),
                                    std::numeric_limits<uint32_t>::max() - 1, 1});
  EXPECT_FALSE(unbounded.parse(std::string(200'000, '[')));
}

TEST(JsonDocument, CountsMembersAndElementsOfTheWholeText) {
  JsonDocument document(JsonBounds{32, 4, 100});
  EXPECT_TRUE(document.parse("[1,2,{\"a\":1}]"));
  EXPECT_FALSE(document.parse("[1,2,{\"a\":1,\"b\":2}]"));
  EXPECT_EQ(document.code(), Code::kExhausted);
}

TEST(JsonDocument, BoundsStringsAndNamesAfterUnescaping) {
  JsonDocument document(JsonBounds{32, 100, 3});
  EXPECT_TRUE(document.parse("{\"\\u0061bc\":\"abc\"}"));
  EXPECT_FALSE(document.parse("\"abcd\""));
  EXPECT_FALSE(document.parse("{\"abcd\":1}"));
  EXPECT_EQ(document.code(), Code::kExhausted);
}

TEST(JsonDocument, IsReadyForTheNextTextAfterAFault) {
  JsonDocument document;
  EXPECT_FALSE(document.parse("[1,"));
  EXPECT_TRUE(document.parse("[1]"));
  EXPECT_EQ(document.error(), "");
  EXPECT_EQ(json::count(document.root()), 1u);
}

TEST(JsonNode, IsReadByTypeAndNeverAsAnother) {
  JsonDocument document;
  ASSERT_TRUE(document.parse(R"({"n":null,"b":true,"i":-7,"s":"x","a":[1],"o":{"k":2}})"));
  const auto* root = document.root();
  EXPECT_EQ(json::type(root), uint32_t{GANTRY_JSON_OBJECT});
  EXPECT_EQ(json::type(json::member(root, "n")), uint32_t{GANTRY_JSON_NULL});
  EXPECT_EQ(json::boolean(json::member(root, "b")), true);
  EXPECT_EQ(json::integer(json::member(root, "i")), -7);
  EXPECT_EQ(json::text(json::member(root, "s")), "x");
  EXPECT_EQ(json::integer(json::member(root, "s")), std::nullopt);
  EXPECT_EQ(json::text(json::member(root, "i")), std::nullopt);
  EXPECT_EQ(json::member(root, "absent"), nullptr);
  EXPECT_EQ(json::member(json::member(root, "a"), "k"), nullptr);
  EXPECT_EQ(json::count(json::member(root, "s")), 0u);
}

TEST(JsonNode, ListsMembersInTextOrder) {
  JsonDocument document;
  ASSERT_TRUE(document.parse(R"({"z":1,"a":2})"));
  std::string_view name;
  EXPECT_EQ(json::integer(json::at(document.root(), 0, &name)), 1);
  EXPECT_EQ(name, "z");
  EXPECT_EQ(json::integer(json::at(document.root(), 1, &name)), 2);
  EXPECT_EQ(name, "a");
  EXPECT_EQ(json::at(document.root(), 2), nullptr);
}

TEST(JsonNode, IsAnIntegerOnlyWithoutFractionAndWithinSixtyFourBits) {
  JsonDocument document;
  const auto integer = [&](const std::string& text) {
    EXPECT_TRUE(document.parse(text));
    return json::integer(document.root());
  };
  EXPECT_EQ(integer("9223372036854775807"), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(integer("-9223372036854775808"), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(integer("9223372036854775808"), std::nullopt);
  EXPECT_EQ(integer("1.0"), std::nullopt);
  EXPECT_EQ(integer("1e3"), std::nullopt);
}

TEST(JsonNode, IsWrittenBackAsItWasRead) {
  JsonDocument document;
  const std::string text = R"({"b":[1,-2,1.5,2.0,1e+30,true,null],"a":"q\"\\\n\u0001é"})";
  ASSERT_TRUE(document.parse(text));
  std::string out;
  json::write(document.root(), out);
  EXPECT_EQ(out, text);
}

TEST(JsonNode, HasOneCanonicalTextWhateverTheOrderOfItsMembers) {
  JsonDocument one, other;
  ASSERT_TRUE(one.parse(R"({"a":1,"b":{"x":1,"y":2}})"));
  ASSERT_TRUE(other.parse(R"({ "b" : {"y":2, "x":1}, "a":1 })"));
  std::string first, second;
  json::write_canonical(one.root(), first);
  json::write_canonical(other.root(), second);
  EXPECT_EQ(first, second);
  EXPECT_TRUE(json::equal(one.root(), other.root()));
}

}  // namespace
}  // namespace gantry::base
