#include "core/config/validate.hpp"

#include "core/config/formats.hpp"
#include "tests/unit/config/sources.hpp"

namespace gantry::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> faults_of(const std::string& schema, const std::string& yaml,
                                   std::map<std::string, std::string> variables = {}) {
  const auto source = read(yaml, std::move(variables));
  EXPECT_THAT(source.faults, IsEmpty());
  return lines(validate(source.root, schema_of(schema)).faults);
}

TEST(Validate, TellsWhatANumberMustBe) {
  const std::pair<const char*, const char*> cases[] = {
      {R"("minimum": 1, "maximum": 5)", "expected an integer between 1 and 5, found 9"},
      {R"("minimum": 10)", "expected an integer of at least 10, found 9"},
      {R"("maximum": 8)", "expected an integer of at most 8, found 9"},
      {R"("exclusiveMinimum": 9)", "expected an integer of more than 9, found 9"},
      {R"("exclusiveMaximum": 9)", "expected an integer of less than 9, found 9"},
      {R"("minimum": 1, "exclusiveMaximum": 9)",
       "expected an integer of at least 1 and less than 9, found 9"},
  };
  for (const auto& [keywords, message] : cases) {
    EXPECT_THAT(faults_of(R"({"type": "integer", )" + std::string(keywords) + "}", "9"),
                ElementsAre(std::string("a.yaml:1:1: ") + message));
  }
  EXPECT_THAT(faults_of(R"({"type": "number", "maximum": 0.5})", "0.75"),
              ElementsAre("a.yaml:1:1: expected a number of at most 0.5, found 0.75"));
}

TEST(Validate, ComparesIntegersExactly) {
  const std::string schema = R"({"maximum": 9007199254740992})";
  EXPECT_THAT(faults_of(schema, "9007199254740992"), IsEmpty());
  EXPECT_EQ(faults_of(schema, "9007199254740993").size(), 1U);
}

TEST(Validate, CountsCharactersOfStrings) {
  EXPECT_THAT(faults_of(R"({"maxLength": 3})", "äöü"), IsEmpty());
  EXPECT_THAT(faults_of(R"({"type": "string", "maxLength": 3})", "äöüx"),
              ElementsAre("a.yaml:1:1: expected a string of at most 3 characters, found \"äöüx\""));
  EXPECT_THAT(faults_of(R"({"type": "string", "minLength": 2, "maxLength": 2})", "a"),
              ElementsAre("a.yaml:1:1: expected a string of 2 characters, found \"a\""));
}

TEST(Validate, NeverRunsAPatternOnAVeryLongString) {
  const std::string schema = R"({"pattern": "^(a|b)*$"})";
  EXPECT_THAT(faults_of(schema, std::string(2048, 'a')), IsEmpty());
  EXPECT_EQ(faults_of(schema, std::string(500'000, 'a')).size(), 1U);
}

TEST(Validate, ReportsAMissingKeyAtTheKeyOfItsObject) {
  const std::string schema =
      R"({"required": ["z"], "properties": {"a": {"required": ["b"]}, "z": {}}})";
  EXPECT_THAT(faults_of(schema, "x: 1\na:\n  c: 1\n"),
              ElementsAre("a.yaml:2:1: a.b: missing key \"b\"",
                          "a.yaml:1:1: z: missing key \"z\"; expected another value"));
}

TEST(Validate, TakesADefaultForAMissingKey) {
  EXPECT_THAT(faults_of(R"({"required": ["a"], "properties": {"a": {"default": 1}}})", "{}"),
              IsEmpty());
}

TEST(Validate, CountsItemsAndKeys) {
  EXPECT_THAT(faults_of(R"({"type": "array", "minItems": 2})", "[1]"),
              ElementsAre("a.yaml:1:1: expected a list of at least 2 items, found 1 item"));
  EXPECT_THAT(faults_of(R"({"type": "object", "maxProperties": 1})", "{a: 1, b: 2}"),
              ElementsAre("a.yaml:1:1: expected an object of at most 1 keys, found 2 keys"));
}

TEST(Validate, ChoosesTheFormThatWasMeant) {
  const std::string schema =
      R"({"anyOf": [{"type": "integer", "minimum": 1}, {"enum": ["auto"]}, {"type": "object", "required": ["x"]}]})";
  EXPECT_THAT(faults_of(schema, "auto"), IsEmpty());
  EXPECT_THAT(faults_of(schema, "7"), IsEmpty());
  EXPECT_THAT(faults_of(schema, "{x: 1}"), IsEmpty());
  EXPECT_THAT(faults_of(schema, "{y: 1}"), ElementsAre("a.yaml:1:1: x: missing key \"x\""));
  EXPECT_THAT(faults_of(schema, "b"), ElementsAre("a.yaml:1:1: expected \"auto\", found \"b\""));
  EXPECT_THAT(faults_of(R"({"oneOf": [{"type": "integer"}, {"type": "number"}]})", "1"),
              ElementsAre("a.yaml:1:1: fits more than one of the allowed forms"));
  EXPECT_THAT(faults_of(R"({"anyOf": [{"type": "integer"}, {"type": "boolean"}]})", "x"),
              ElementsAre("a.yaml:1:1: expected an integer or true or false, found \"x\""));
}

TEST(Validate, AppliesWhatStandsBesideAReference) {
  const std::string schema =
      R"({"$ref": "#/$defs/a", "maximum": 5, "$defs": {"a": {"type": "integer"}}})";
  EXPECT_THAT(faults_of(schema, "6"),
              ElementsAre("a.yaml:1:1: expected a number of at most 5, found 6"));
  EXPECT_THAT(faults_of(schema, "x"), ElementsAre("a.yaml:1:1: expected an integer, found \"x\""));
}

TEST(Validate, FollowsRecursiveSchemas) {
  const std::string schema =
      R"({"type": "object", "additionalProperties": false, "properties": {"children": {"items": {"$ref": "#"}}}})";
  EXPECT_THAT(faults_of(schema, "children: [{children: [{}, {kids: 1}]}]"),
              ElementsAre("a.yaml:1:29: children[0].children[1].kids: unknown key \"kids\""));
}

TEST(Validate, TakesASubstitutedNumberForAStringIfAStringIsWanted) {
  EXPECT_THAT(faults_of(R"({"properties": {"pin": {"type": "string", "minLength": 4}}})",
                        "pin: ${PIN}", {{"PIN", "0042"}}),
              IsEmpty());
  EXPECT_THAT(
      faults_of(R"({"properties": {"n": {"type": "integer"}}})", "n: '${N}'", {{"N", "42"}}),
      ElementsAre("a.yaml:1:4: n: expected an integer, found a string from ${N}"));
}

TEST(Secrets, AreNeverShownWhereverTheyAreWrong) {
  const std::string schema = R"({"additionalProperties": false, "properties": {
      "a": {"type": "string", "maxLength": 3, "x-gantry": {"secret": true}},
      "b": {"enum": ["hunter3"], "x-gantry": {"secret": true}},
      "c": {"x-gantry": {"secret": true}, "properties": {"d": {"type": "integer"}}},
      "e": {"items": {"type": "string", "x-gantry": {"secret": true}}, "uniqueItems": true},
      "f": {"$ref": "#/$defs/secret", "maxLength": 2},
      "g": {"anyOf": [{"type": "integer"}, {"type": "boolean", "x-gantry": {"secret": true}}]},
      "h": {"type": "integer"}},
      "$defs": {"secret": {"type": "string", "x-gantry": {"secret": true}}}})";
  const Folder folder;
  folder.write("secret", "hunter2");
  const auto faults =
      faults_of(schema,
                "a: hunter2\nb: hunter2\nc: {d: hunter2}\ne: [hunter2, hunter2]\nf: hunter2\n"
                "g: hunter2\nh: x-${file:" +
                    folder.path("secret") + "}\nhnter: hunter2\n");
  EXPECT_EQ(faults.size(), 8U);
  for (const auto& fault : faults) EXPECT_THAT(fault, testing::Not(testing::HasSubstr("hunter2")));
}

TEST(Secrets, MarkedInTheTreeAreHiddenFromEverySchema) {
  const Node secret = read("hunter2").root.as_secret();
  EXPECT_THAT(lines(validate(secret, schema_of(R"({"type": "integer"})")).faults),
              ElementsAre("a.yaml:1:1: expected an integer, found a string (hidden)"));
}

TEST(Secrets, InUrlsAreHidden) {
  for (const char* url : {"pg://u:hunter2@h/db", "pg://u:hun/ter2@h",
                          "pg://h/db?Password=hunter2&x=1", "pg://u:a@hunter2@h"}) {
    EXPECT_THAT(faults_of(R"({"type": "integer"})", url),
                ElementsAre(testing::Not(testing::HasSubstr("ter2"))));
  }
}

TEST(Faults, ShowLongAndOddTextReadably) {
  EXPECT_THAT(faults_of(R"({"type": "integer"})", "\"a\\nb\\x01\\\"\""),
              ElementsAre(R"(a.yaml:1:1: expected an integer, found "a\nb\x01\"")"));
  EXPECT_LT(faults_of(R"({"type": "integer"})", std::string(10'000, 'x'))[0].size(), 200U);
}

TEST(Faults, AreSortedByFileLineAndColumn) {
  Findings findings;
  findings.faults = {{{"b", 1, 1}, "", "4"},
                     {{"a", 10, 1}, "", "3"},
                     {{"a", 2, 9}, "", "2"},
                     {{"a", 2, 1}, "x", "1"}};
  findings.sort();
  EXPECT_EQ(to_text(findings.faults), "a:2:1: x: 1\na:2:9: 2\na:10:1: 3\nb:1:1: 4\n");
}

TEST(Formats, AcceptWhatTheyNameAndNothingElse) {
  const std::tuple<Format, std::vector<const char*>, std::vector<const char*>> cases[] = {
      {Format::kListenAddress,
       {"127.0.0.1:0", "[::1]:8080", "localhost:65535", "my-host.example:1"},
       {"127.0.0.1", ":80", "a:65536", "a:-1", "a:+1", "256.0.0.1:1", "::1:80", "[::1]", "[x]:1",
        "-a:1", "a b:1", "a.:1", "a:"}},
      {Format::kUrl, {"https://a.example/x?y", "sqlite:x"}, {"", "a", ":x", "a:", "1a:b", "a: b"}},
      {Format::kDuration,
       {"250ms", "1s", "15m", "24h", "7d"},
       {"", "s", "5", "1.5s", "-1s", "1 s", "1w", "1234567890s"}},
      {Format::kCidr,
       {"10.0.0.0/8", "::1/128", "1.2.3.4", "fe80::/10"},
       {"10.0.0.0/33", "x/8", "::/129", "1.2.3.4/", "1.2.3/8", "/8"}},
  };
  for (const auto& [format, good, bad] : cases) {
    for (const char* text : good) EXPECT_TRUE(matches(format, text)) << text;
    for (const char* text : bad) EXPECT_FALSE(matches(format, text)) << text;
  }
}

}  // namespace
}  // namespace gantry::config
