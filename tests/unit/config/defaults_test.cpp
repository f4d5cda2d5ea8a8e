#include "core/config/defaults.hpp"

#include "core/config/check.hpp"
#include "core/config/host_schema.hpp"
#include "core/config/to_json.hpp"
#include "tests/unit/config/sources.hpp"

namespace gantry::config {
namespace {

constexpr const char* kPayments =
    R"({"type": "object", "additionalProperties": false, "properties": {
    "currency": {"type": "string", "default": "EUR"},
    "api_key": {"type": "string", "x-gantry": {"secret": true}}}})";

Schemas schemas() {
  auto read = read_schemas(host_schema(), {{"payments", kPayments}, {"search", ""}});
  EXPECT_TRUE(read.ok());
  return std::move(*read);
}

TEST(Defaults, FillEveryMissingKeyAndSayWhereItCameFrom) {
  const Schema schema = schema_of(R"({"properties": {
      "a": {"default": 1}, "b": {"default": 2}, "c": {"default": {}, "properties": {"d": {"default": [3]}}},
      "e": {"properties": {"f": {"default": 4}}}, "g": {"items": {"properties": {"h": {"default": 5}}}}}})");
  const Node node = apply_defaults(read("b: 20\ng: [{}, {h: 6}]\n").root, schema);
  EXPECT_EQ(to_json(node, Secrets::kShown),
            R"({"b":20,"g":[{"h":5},{"h":6}],"a":1,"c":{"d":[3]}})");
  EXPECT_EQ(node.find("a")->origin(), Origin::kDefault);
  EXPECT_EQ(node.find("a")->mark(), Mark());
  EXPECT_EQ(node.find("b")->origin(), Origin::kFile);
  EXPECT_EQ(node.find("b")->mark(), (Mark{"a.yaml", 1, 4}));
}

TEST(Defaults, AreThoseOfTheBranchThatFits) {
  const Schema schema = schema_of(R"({"oneOf": [
      {"properties": {"kind": {"const": "a"}, "x": {"default": 1}}},
      {"properties": {"kind": {"const": "b"}, "y": {"default": 2}}}]})");
  EXPECT_EQ(to_json(apply_defaults(read("kind: b").root, schema), Secrets::kShown),
            R"({"kind":"b","y":2})");
}

TEST(Defaults, TurnASubstitutedNumberBackIntoTheStringThatIsWanted) {
  const Schema schema =
      schema_of(R"({"properties": {"pin": {"type": "string"}, "port": {"type": "integer"}}})");
  const Node node = apply_defaults(read("pin: ${N}\nport: ${N}", {{"N", "0042"}}).root, schema);
  EXPECT_EQ(to_json(node, Secrets::kShown), R"({"pin":"0042","port":42})");
}

TEST(Defaults, MarkTheSecretsOfTheSchema) {
  const Schema schema =
      schema_of(R"({"properties": {"a": {"default": "x", "x-gantry": {"secret": true}},
      "b": {"x-gantry": {"secret": true}}}})");
  const Node node = read("b: {c: 1}\nurl: pg://u:pw@h\n").root;
  EXPECT_EQ(to_json(apply_defaults(node, schema), Secrets::kMasked),
            R"({"b":"***","url":"pg://u:***@h","a":"***"})");
  EXPECT_EQ(to_json(mark_secrets(node, schema), Secrets::kMasked),
            R"({"b":"***","url":"pg://u:***@h"})");
  EXPECT_EQ(to_json(mark_secrets(node, schema), Secrets::kShown),
            R"({"b":{"c":1},"url":"pg://u:pw@h"})");
}

TEST(HostDefaults, MakeAnEmptyConfigurationComplete) {
  const Folder folder;
  const auto checked = check({folder.write("gantry.yaml", ""), {}, environment({})}, schemas());
  EXPECT_EQ(to_text(checked.findings.faults), "");
  EXPECT_EQ(checked.effective.text("http.listen", ""), "127.0.0.1:8080");
  EXPECT_EQ(checked.effective.integer("log.append_batch_max", 0), 64);
  EXPECT_EQ(checked.effective.text("storage.sqlite.synchronous", ""), "full");
  EXPECT_EQ(checked.effective.text("storage.auth", ""), "sqlite:auth.db");
  EXPECT_FALSE(checked.effective.boolean("loader.allow_draft", true));
  EXPECT_EQ(to_json(*checked.effective.find("loader.directories"), Secrets::kShown),
            R"(["plugins"])");
  EXPECT_TRUE(validate_all(checked.effective, schemas()).ok());
}

TEST(HostDefaults, GiveEachPluginItsOwnSection) {
  const Folder folder;
  const auto file = folder.write(
      "gantry.yaml", "plugins:\n  payments: {api_key: k}\n  search: {enabled: false, any: 1}\n");
  const auto checked = check({file, {}, environment({})}, schemas());
  EXPECT_EQ(to_text(checked.findings.faults), "");
  EXPECT_EQ(
      to_json(*checked.effective.find("plugins"), Secrets::kMasked),
      R"({"payments":{"enabled":true,"required":true,"api_key":"***","currency":"EUR"},"search":{"enabled":false,"required":true,"any":1}})");
  EXPECT_EQ(to_json(plugin_section(checked.effective, "payments"), Secrets::kShown),
            R"({"api_key":"k","currency":"EUR"})");
  EXPECT_EQ(to_json(plugin_section(checked.effective, "absent"), Secrets::kShown), "{}");
}

TEST(ValidateAll, ReportsBadSchemasBeforeAnythingElse) {
  EXPECT_THAT(lines(validate_all(read("x: 1").root, host_schema(), {{"p", "{\"typ\": 1}"}}).faults),
              testing::ElementsAre(
                  "schema of plugin p:1:2: typ: unknown keyword \"typ\"; did you mean \"type\"?"));
}

TEST(ValidateAll, SuggestsTheHostsKeysInsideAPluginsSection) {
  EXPECT_THAT(
      lines(validate_all(read("plugins:\n  payments: {enabeld: true}").root, schemas()).faults),
      testing::ElementsAre("a.yaml:2:14: plugins.payments.enabeld: unknown key \"enabeld\"; did "
                           "you mean \"enabled\"?"));
}

TEST(Node, GivesTypedValuesOrTheFallback) {
  const Node root = read("a: {i: 3, d: 1.5, s: x, b: true, n: ~}").root;
  EXPECT_EQ(root.integer("a.i", 0), 3);
  EXPECT_EQ(root.number("a.i", 0), 3.0);
  EXPECT_EQ(root.number("a.d", 0), 1.5);
  EXPECT_EQ(root.text("a.s", ""), "x");
  EXPECT_TRUE(root.boolean("a.b", false));
  EXPECT_EQ(root.integer("a.s", 7), 7);
  EXPECT_EQ(root.text("a.none", "f"), "f");
  EXPECT_EQ(root.integer("a.i.deeper", 7), 7);
  EXPECT_TRUE(root.find("a.n")->is(Kind::kNull));
}

}  // namespace
}  // namespace gantry::config
