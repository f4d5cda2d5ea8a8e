// Our validator against valijson: on random documents both must say yes or no to the same ones.
#include <gmock/gmock.h>
#include <rapidjson/document.h>

#include <valijson/adapters/rapidjson_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "core/config/host_schema.hpp"
#include "core/config/json_reader.hpp"
#include "core/config/validate.hpp"
#include "tests/unit/config/sources.hpp"

namespace gantry::config {
namespace {

// Every keyword valijson knows too; it has no formats, and reads $ref alone, without its
// neighbours.
constexpr const char* kSchemas[] = {
    R"({"type": "object", "additionalProperties": false, "required": ["a"], "properties": {
        "a": {"type": "integer", "minimum": 0, "exclusiveMaximum": 3}, "b": {"type": ["string", "null"], "minLength": 1},
        "c": {"enum": ["x", 1, null, [1]]}}})",
    R"({"type": "array", "minItems": 1, "maxItems": 3, "items": {"anyOf": [{"type": "boolean"}, {"type": "number", "exclusiveMinimum": 0, "maximum": 2}]}})",
    R"({"type": "object", "minProperties": 1, "maxProperties": 2, "additionalProperties": {"$ref": "#/$defs/word"},
        "$defs": {"word": {"type": "string", "pattern": "^[a-c]+$", "maxLength": 2}}})",
    R"({"oneOf": [{"type": "object", "properties": {"a": {"const": 1}}, "required": ["a"]},
                  {"type": "object", "properties": {"b": {"const": "x"}}, "required": ["b"]}, {"type": "array", "uniqueItems": true}]})",
    R"({"additionalProperties": false, "properties": {"a": {"type": "array", "items": {"$ref": "#"}}, "b": {"$ref": "#"}}})",
};

class Documents {
 public:
  std::string next(int depth = 0) {
    static constexpr const char* kScalars[] = {"0",    "1",     "2",       "3",     "-1",
                                               "0.5",  "2.5",   "\"\"",    "\"x\"", "\"ab\"",
                                               "null", "false", "\"abc\"", "[1]"};
    if (depth > 2 || (depth > 0 && random(4) > 0)) return kScalars[random(std::size(kScalars))];
    const bool object = random(2) == 0;
    std::string out = object ? "{" : "[";
    const char* names[] = {"a", "b", "c", "d"};
    const size_t first = random(4), count = random(4);
    for (size_t i = 0; i < count; ++i) {
      if (i > 0) out += ',';
      if (object) out += std::string("\"") + names[(first + i) % 4] + "\":";
      out += next(depth + 1);
    }
    return out + (object ? "}" : "]");
  }

 private:
  size_t random(size_t below) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<size_t>(state_ >> 33) % below;
  }
  uint64_t state_ = 7;
};

TEST(SecondOpinion, ValijsonAcceptsTheSameDocuments) {
  for (const char* text : kSchemas) {
    rapidjson::Document schema_json;
    schema_json.Parse(text);
    valijson::Schema theirs;
    valijson::SchemaParser().populateSchema(valijson::adapters::RapidJsonAdapter(schema_json),
                                            theirs);
    const Schema ours = schema_of(text);
    Documents documents;
    size_t accepted = 0;
    for (int i = 0; i < 1500; ++i) {
      const std::string json = documents.next();
      rapidjson::Document document;
      document.Parse(json.c_str());
      const bool expected = valijson::Validator().validate(
          theirs, valijson::adapters::RapidJsonAdapter(document), nullptr);
      const auto node = read_json(json, "d.json");
      ASSERT_TRUE(node.ok()) << json;
      const auto findings = validate(*node, ours);
      ASSERT_EQ(findings.ok(), expected) << text << "\n"
                                         << json << "\n"
                                         << to_text(findings.faults);
      accepted += expected ? 1 : 0;
    }
    EXPECT_GT(accepted, 5U) << "the documents do not exercise " << text;
  }
}

}  // namespace
}  // namespace gantry::config
