// JsonSchema: every fault with its exact pointer and code.
#include "core/base/json_schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/json.hpp"
#include "gantry/error.hpp"

namespace gantry::base {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// "pointer CODE" of each fault.
std::vector<std::string> faults(std::string_view schema, std::string_view text) {
  JsonDocument document;
  EXPECT_TRUE(document.parse(text)) << document.error();
  std::vector<std::string> out;
  for (const JsonFault& fault : JsonSchema(schema).validate(document.root())) {
    out.push_back(fault.pointer + " " + fault.code);
    EXPECT_NE(fault.detail, "");
  }
  return out;
}

struct Case {
  std::string schema, text, fault;  // fault empty: valid
};
class OneFault : public testing::TestWithParam<Case> {};

TEST_P(OneFault, IsToldWithPointerAndCode) {
  const Case& c = GetParam();
  if (c.fault.empty())
    EXPECT_THAT(faults(c.schema, c.text), IsEmpty()) << c.schema << " " << c.text;
  else
    EXPECT_THAT(faults(c.schema, c.text), ElementsAre(c.fault)) << c.schema << " " << c.text;
}

INSTANTIATE_TEST_SUITE_P(
    Keyword, OneFault,
    testing::Values(
        Case{R"({"type":"string"})", "1", " WRONG_TYPE"},
        Case{R"({"type":["string","null"]})", "null", ""},
        Case{R"({"type":["string","null"]})", "1", " WRONG_TYPE"},
        Case{R"({"type":"integer"})", "1", ""}, Case{R"({"type":"integer"})", "1.0", " WRONG_TYPE"},
        Case{R"({"type":"integer"})", "1e2", " WRONG_TYPE"},
        Case{R"({"type":"integer"})", "9223372036854775808", " OUT_OF_RANGE"},
        Case{R"({"type":"integer"})", "99999999999999999999999", " OUT_OF_RANGE"},
        Case{R"({"type":"number"})", "1", ""}, Case{R"({"type":"number"})", "1.5", ""},
        Case{R"({"minimum":1})", "0", " OUT_OF_RANGE"}, Case{R"({"minimum":1})", "1", ""},
        Case{R"({"maximum":1})", "2", " OUT_OF_RANGE"},
        Case{R"({"exclusiveMinimum":1})", "1", " OUT_OF_RANGE"},
        Case{R"({"exclusiveMaximum":1})", "1", " OUT_OF_RANGE"},
        Case{R"({"minLength":2})", R"("é")", " TOO_SHORT"},
        Case{R"({"maxLength":2})", R"("éé")", ""},
        Case{R"({"maxLength":2})", R"("ééé")", " TOO_LONG"},
        Case{R"({"pattern":"^[A-Z]{3}$"})", R"("EUR")", ""},
        Case{R"({"pattern":"^[A-Z]{3}$"})", R"("EURO")", " PATTERN"},
        Case{R"({"enum":["a",1,null]})", "null", ""},
        Case{R"({"enum":["a",1]})", R"("b")", " NOT_ALLOWED"},
        Case{R"({"const":{"a":[1]}})", R"({"a":[1]})", ""},
        Case{R"({"const":1})", "2", " NOT_ALLOWED"},
        Case{R"({"format":"uuid"})", R"("0190a5c8-0000-7000-8000-000000000001")", ""},
        Case{R"({"format":"uuid"})", R"("0190a5c8")", " FORMAT"},
        Case{R"({"format":"date-time"})", R"("2026-11-23T08:15:30Z")", ""},
        Case{R"({"format":"date-time"})", R"("2026-02-30T08:15:30Z")", " FORMAT"},
        Case{R"({"format":"date"})", R"("2026-02-28")", ""},
        Case{R"({"format":"date"})", R"("2026-02-30")", " FORMAT"},
        Case{R"({"format":"email"})", R"("a.b+c@example.org")", ""},
        Case{R"({"format":"email"})", R"("a@b@c")", " FORMAT"},
        Case{R"({"format":"email"})", R"("a@-b.org")", " FORMAT"},
        Case{R"({"minItems":1})", "[]", " TOO_FEW"},
        Case{R"({"maxItems":1})", "[1,2]", " TOO_MANY"},
        Case{R"({"uniqueItems":true})", R"([{"a":1,"b":2},1,{"b":2,"a":1}])", "/2 NOT_UNIQUE"},
        Case{R"({"items":{"type":"string"}})", R"(["a",1])", "/1 WRONG_TYPE"},
        Case{R"({"required":["a"]})", "{}", "/a REQUIRED"},
        Case{R"({"additionalProperties":false})", R"({"x":1})", "/x UNKNOWN_MEMBER"},
        Case{R"({"additionalProperties":{"type":"string"}})", R"({"x":1})", "/x WRONG_TYPE"},
        Case{R"({"minProperties":1})", "{}", " TOO_FEW"},
        Case{R"({"maxProperties":0})", R"({"a":1})", " TOO_MANY"},
        Case{R"({"anyOf":[{"type":"string"},{"minimum":5}]})", "7", ""},
        Case{R"({"anyOf":[{"type":"string"},{"minimum":5}]})", "3", " NO_MATCH"},
        Case{R"({"oneOf":[{"minimum":1},{"minimum":5}]})", "7", " NO_MATCH"},
        Case{R"({"oneOf":[{"minimum":1},{"minimum":5}]})", "3", ""},
        Case{R"({"properties":{"a":false}})", R"({"a":1})", "/a NOT_ALLOWED"},
        Case{"true", "1", ""}));

TEST(JsonSchema, TellsAllFaultsAtOnce) {
  EXPECT_THAT(faults(R"({"type":"object","additionalProperties":false,"required":["lines","user"],
                "properties":{"user":{"type":"string"},"lines":{"type":"array","items":{
                  "type":"object","required":["quantity"],"additionalProperties":false,
                  "properties":{"quantity":{"type":"integer","minimum":1}}}}}})",
                     R"({"lines":[{"quantity":0},{"qty":1}],"x":1})"),
              ElementsAre("/lines/0/quantity OUT_OF_RANGE", "/lines/1/qty UNKNOWN_MEMBER",
                          "/lines/1/quantity REQUIRED", "/x UNKNOWN_MEMBER", "/user REQUIRED"));
}

TEST(JsonSchema, EscapesNamesInPointers) {
  EXPECT_THAT(faults(R"({"additionalProperties":false})", R"({"a/b~c":1})"),
              ElementsAre("/a~1b~0c UNKNOWN_MEMBER"));
}

TEST(JsonSchema, FollowsReferencesAlsoIntoItself) {
  const std::string tree = R"({"$ref":"#/$defs/node","$defs":{"node":{"type":"object",
      "properties":{"v":{"type":"integer"},"next":{"$ref":"#/$defs/node"}}}}})";
  EXPECT_THAT(faults(tree, R"({"v":1,"next":{"v":2,"next":{"v":"x"}}})"),
              ElementsAre("/next/next/v WRONG_TYPE"));
}

TEST(JsonSchema, StopsAtTheMostFaultsAskedFor) {
  JsonDocument document;
  ASSERT_TRUE(document.parse("[1,2,3,4]"));
  EXPECT_EQ(JsonSchema(R"({"items":{"type":"string"}})").validate(document.root(), 2).size(), 2u);
}

TEST(JsonSchema, MatchesAPatternThatBacktracksInLinearTime) {
  EXPECT_THAT(faults(R"({"pattern":"^(a+)+$"})", "\"" + std::string(2000, 'a') + "!\""),
              ElementsAre(" PATTERN"));
}

struct Bad {
  std::string schema, reason;
};
class BadSchema : public testing::TestWithParam<Bad> {};

TEST_P(BadSchema, IsRefusedWithItsPlace) {
  try {
    const JsonSchema schema(GetParam().schema);
    FAIL() << "was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kInvalid);
    EXPECT_THAT(error.detail(), HasSubstr(GetParam().reason));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Schema, BadSchema,
    testing::Values(Bad{"{", "byte 1"}, Bad{"1", "neither an object nor a boolean"},
                    Bad{R"({"properties":{"a":{"if":true}}})",
                        "#/properties/a/if is a keyword that is not supported"},
                    Bad{R"({"type":"int"})", "#/type names an unknown type"},
                    Bad{R"({"minLength":-1})", "#/minLength is not an integer from 0"},
                    Bad{R"({"pattern":"("})", "regular expression"},
                    Bad{R"({"format":"ipv4"})", "#/format is not one of"},
                    Bad{R"({"$ref":"other.json"})", "leads out of this schema"},
                    Bad{R"({"$ref":"#/$defs/x"})", "leads nowhere"},
                    Bad{R"({"$ref":"#"})", "leads back to itself"},
                    Bad{R"({"anyOf":[{"$ref":"#"}]})", "leads back to itself"},
                    Bad{R"({"enum":[]})", "is empty"}));

}  // namespace
}  // namespace gantry::base
