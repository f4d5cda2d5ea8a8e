#include "core/plugins/manifest.hpp"

#include "core/config/defaults.hpp"
#include "core/config/schema.hpp"
#include "core/config/source_text.hpp"
#include "core/config/validate.hpp"
#include "core/config/yaml_reader.hpp"
#include "gantry/text.hpp"

namespace gantry::plugins {
namespace {
constexpr std::string_view kSchema = R"json({
  "type": "object", "additionalProperties": false, "required": ["id", "version"],
  "properties": {
    "id": {"type": "string", "maxLength": 64, "pattern": "^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*$"},
    "version": {"type": "string", "maxLength": 64},
    "summary": {"type": "string", "maxLength": 200, "default": ""},
    "draft": {"type": "boolean", "default": false},
    "interfaces": {"type": "object", "additionalProperties": false, "default": {}, "properties": {
      "needs": {"type": "array", "maxItems": 64, "default": [], "items": {"$ref": "#/$defs/need"}},
      "wants": {"type": "array", "maxItems": 64, "default": [], "items": {"$ref": "#/$defs/need"}}}},
    "services": {"type": "object", "additionalProperties": false, "default": {}, "properties": {
      "provides": {"type": "array", "maxItems": 64, "default": [], "items": {"$ref": "#/$defs/need"}},
      "needs": {"type": "array", "maxItems": 64, "default": [], "items": {"$ref": "#/$defs/need"}}}}
  },
  "$defs": {
    "name": {"type": "string", "maxLength": 128, "pattern": "^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*/[1-9][0-9]*$"},
    "need": {"anyOf": [{"$ref": "#/$defs/name"}, {"type": "object", "additionalProperties": false,
      "required": ["id"], "properties": {
        "id": {"$ref": "#/$defs/name"},
        "size": {"type": "integer", "minimum": 0, "maximum": 65536, "default": 0}}}]}
  }
})json";

const config::Schema& schema() {
  static const auto parsed = config::Schema::parse(kSchema, "schema of plugin.yaml");
  return parsed.value();
}

// Entries are "id" or {id, size}.
std::vector<InterfaceNeed> needs(const config::Node& root, std::string_view path) {
  std::vector<InterfaceNeed> list;
  const config::Node* node = root.find(path);
  if (!node) return list;
  for (const config::Node& item : node->items()) {
    if (const auto id = item.text()) {
      list.push_back({std::string(*id), 0});
    } else {
      list.push_back({item.text("id", ""), static_cast<uint32_t>(item.integer("size", 0))});
    }
  }
  return list;
}

std::vector<std::string> ids(const config::Node& root, std::string_view path) {
  std::vector<std::string> list;
  for (InterfaceNeed& need : needs(root, path)) list.push_back(std::move(need.id));
  return list;
}
}  // namespace

bool Manifest::asks_for(std::string_view interface) const {
  for (const auto* list : {&needs, &wants}) {
    for (const InterfaceNeed& need : *list) {
      if (need.id == interface) return true;
    }
  }
  return false;
}

Result<Manifest, std::vector<config::Fault>> read_manifest(std::string_view yaml,
                                                           const std::string& file) {
  std::vector<config::Fault> faults;
  const config::Mark start{file, 1, 1};
  if (yaml.size() > kManifestBytesMax) {
    faults.push_back({{file, 0, 0}, "", join("is larger than ", kManifestBytesMax, " bytes")});
    return Refused{std::move(faults)};
  }
  const config::SourceText source(std::string(yaml), start);
  if (auto fault = source.unreadable()) return Refused{std::vector<config::Fault>{*fault}};
  const auto read = config::read_yaml(source, config::Origin::kFile, "", faults);
  if (!read || !faults.empty()) return Refused{std::move(faults)};
  auto findings = config::validate(*read, schema());
  const config::Node root = config::apply_defaults(*read, schema());
  const auto version = Version::parse(root.text("version", ""));
  if (!version && findings.ok()) {
    findings.faults.push_back(
        {root.find("version")->mark(), "version", "must be a semantic version such as \"1.4.0\""});
  }
  if (!findings.ok()) return Refused{std::move(findings.faults)};
  return Manifest{root.text("id", ""),
                  *version,
                  root.text("summary", ""),
                  needs(root, "interfaces.needs"),
                  needs(root, "interfaces.wants"),
                  ids(root, "services.provides"),
                  ids(root, "services.needs"),
                  root.boolean("draft", false)};
}

}  // namespace gantry::plugins
