#include "core/config/schema.hpp"

#include "core/config/host_schema.hpp"
#include "tests/unit/config/sources.hpp"

namespace gantry::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> faults_of(const std::string& json) {
  const auto schema = Schema::parse(json, "s.json");
  return schema.ok() ? std::vector<std::string>{} : lines(schema.reason());
}

TEST(Schema, RefusesUnknownKeywordsWhereTheyStand) {
  EXPECT_THAT(
      faults_of("{\"type\": \"object\",\n \"propertys\": {},\n \"properties\": {\"a\": "
                "{\"multipleOf\": 2}}}"),
      ElementsAre(
          "s.json:2:2: propertys: unknown keyword \"propertys\"; did you mean \"properties\"?",
          "s.json:3:23: properties.a.multipleOf: unknown keyword \"multipleOf\""));
}

TEST(Schema, RefusesKeywordValuesThatMeanNothing) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"type": "strin"})", "s.json:1:10: type: expected the name of a type"},
      {R"({"type": []})", "expected at least one type"},
      {R"({"properties": []})", "expected an object of schemas"},
      {R"({"properties": {"a": 1}})", "s.json:1:22: properties.a: a schema must be an object"},
      {R"({"required": "a"})", "expected a list of keys"},
      {R"({"required": [1]})", "expected a key"},
      {R"({"additionalProperties": 1})", "a schema must be an object"},
      {R"({"minLength": -1})", "expected a count"},
      {R"({"maxItems": 1.5})", "expected a count"},
      {R"({"minimum": "1"})", "expected a number"},
      {R"({"uniqueItems": 1})", "expected true or false"},
      {R"({"enum": []})", "expected a list of values"},
      {R"({"pattern": "("})", "not a regular expression"},
      {R"({"format": "email"})", "expected listen-address"},
      {R"({"anyOf": {}})", "expected a list of schemas"},
      {R"({"$ref": 1})", "expected a reference"},
      {R"({"$ref": "#/$defs/x"})", "leads nowhere"},
      {R"({"$ref": "other.json"})", "leads nowhere"},
      {R"({"properties": {"a": {"$defs": {}}}})", "belong to the top"},
      {R"({"description": 1})", "expected text"},
      {R"({"x-gantry": {"reload": "warm"}})", "expected reload"},
      {R"({"x-gantry": {"secrt": true}})", "expected reload"},
      {R"({"x-gantry-retired": ""})", "expected what to use instead"},
      {R"({"required": ["a"], "additionalProperties": false})",
       "requires \"a\", which is no property"},
      {"[]", "a schema must be an object"},
  };
  for (const auto& [json, fault] : cases)
    EXPECT_THAT(faults_of(json), ElementsAre(HasSubstr(fault))) << json;
}

TEST(Schema, RefusesReferencesInACircleButAllowsTrees) {
  EXPECT_THAT(faults_of(R"({"$ref": "#"})"), ElementsAre(HasSubstr("leads back to itself")));
  EXPECT_THAT(
      faults_of(
          R"({"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/b"}]}, "b": {"$ref": "#/$defs/a"}}})"),
      ElementsAre(HasSubstr("leads back to itself")));
  EXPECT_THAT(
      faults_of(
          R"({"type": "object", "properties": {"children": {"type": "array", "items": {"$ref": "#"}, "default": []}}})"),
      ElementsAre());
}

TEST(Schema, RefusesDefaultsThatBreakTheirRuleOrNeverEnd) {
  EXPECT_THAT(
      faults_of(R"({"properties": {"a": {"type": "integer", "maximum": 5, "default": 6}}})"),
      ElementsAre("s.json:1:67: the default breaks its own rule: expected an integer of at most 5, "
                  "found 6"));
  EXPECT_THAT(
      faults_of(
          R"({"properties": {"a": {"$ref": "#", "default": {}}, "b": {"$ref": "#", "default": {}}}})"),
      ElementsAre(HasSubstr("contains itself without end")));
}

TEST(Schema, ReportsJsonFaultsWithTheirPlace) {
  EXPECT_THAT(faults_of("{\"type\": \"object\",}"),
              ElementsAre(testing::StartsWith("s.json:1:19: not readable as JSON")));
  EXPECT_THAT(faults_of("{\"type\": \"object\",\n\"type\": \"array\"}"),
              ElementsAre("s.json:2:1: type: duplicate key \"type\""));
  EXPECT_THAT(faults_of("{\"maximum\": 18446744073709551615}"),
              ElementsAre(HasSubstr("does not fit")));
  EXPECT_THAT(faults_of(std::string(100, '[')), ElementsAre(testing::StartsWith("s.json:1:65: ")));
  EXPECT_THAT(faults_of(""), ElementsAre(testing::StartsWith("s.json:1:1: ")));
}

TEST(Schema, FindsTheFactsOfAKey) {
  const Schema schema = schema_of(R"({"properties": {"a": {"$ref": "#/$defs/a"}}, "$defs": {"a": {
      "additionalProperties": {"type": "integer", "description": "how long",
                               "x-gantry": {"reload": "hot", "secret": true, "unit": "ms"}}}}})");
  const Rule* rule = schema.find("a.anything");
  ASSERT_NE(rule, nullptr);
  EXPECT_EQ(rule->description, "how long");
  EXPECT_EQ(rule->reload, Reload::kHot);
  EXPECT_TRUE(rule->secret);
  EXPECT_EQ(rule->unit, "ms");
  EXPECT_EQ(schema.find("b"), nullptr);
  EXPECT_EQ(schema.find("a.b.c"), nullptr);
}

// The reference documentation is made from it.
void expect_documented(const Rule& rule, const std::string& path) {
  for (const auto& [name, property] : rule.properties) {
    const std::string at = path + '.' + name;
    EXPECT_FALSE(property->description.empty()) << at;
    EXPECT_TRUE(property->fallback || name == "sha256") << at;
    const bool bounded = property->kinds.has(Kind::kInteger)
                             ? property->minimum && property->maximum
                         : property->kinds.has(Kind::kArray) ? property->items_max.has_value()
                                                             : true;
    EXPECT_TRUE(bounded) << at;
    expect_documented(*property, at);
  }
  if (rule.additional) expect_documented(*rule.additional, path + ".*");
}

TEST(HostSchema, DescribesBoundsAndDefaultsEveryKey) {
  expect_documented(schema_of(std::string(host_schema())).root(), "");
}

TEST(HostSchema, HasTheSectionsOfTheHost) {
  const Schema schema = schema_of(std::string(host_schema()));
  std::vector<std::string> sections;
  for (const auto& property : schema.root().properties) sections.push_back(property.name);
  EXPECT_THAT(sections,
              ElementsAre("http", "workers", "shutdown", "json", "storage", "log", "consume",
                          "timers", "idempotency", "logging", "chains", "loader", "plugins"));
}

}  // namespace
}  // namespace gantry::config
