#include "core/config/check.hpp"

#include <algorithm>
#include <utility>

#include "core/config/defaults.hpp"
#include "core/config/quote.hpp"
#include "core/config/similar.hpp"
#include "core/config/validate.hpp"

namespace gantry::config {
namespace {

constexpr std::string_view kPlugins = "plugins";
constexpr std::string_view kHostKeys[] = {"enabled", "required", "sha256"};

bool is_host_key(std::string_view key) {
  return std::find(std::begin(kHostKeys), std::end(kHostKeys), key) != std::end(kHostKeys);
}

// The members of a plugin's section for which `keep` is true of is_host_key.
Node::Object members_where(const Node& section, bool host_key) {
  Node::Object members;
  for (const auto& member : section.members()) {
    if (is_host_key(member.key) == host_key) members.push_back(member);
  }
  return members;
}

Node without_host_keys(const Node& section) {
  return section.with(Node::Value(members_where(section, false)));
}

Findings validate_plugins(const Node& sections, const Schemas& schemas) {
  Findings out;
  std::vector<std::string_view> ids;
  for (const auto& [id, schema] : schemas.plugins) ids.push_back(id);
  for (const auto& [id, key_mark, section] : sections.members()) {
    const auto known = schemas.plugins.find(id);
    const std::string path = path_of(kPlugins, id);
    if (known == schemas.plugins.end()) {
      std::string message = "unknown plugin " + quoted(id) + did_you_mean(id, ids);
      if (!schemas.looked_in.empty()) message += "; loader.directories: " + schemas.looked_in;
      out.faults.push_back({key_mark, path, std::move(message)});
    } else if (section.is(Kind::kObject)) {  // otherwise the host's schema has said so
      out.add(validate(without_host_keys(section), known->second,
                       {path, key_mark, {std::begin(kHostKeys), std::end(kHostKeys)}}));
    }
  }
  return out;
}

Node::Object with_plugin_defaults(const Node& sections, const Schemas& schemas) {
  Node::Object out;
  for (const auto& [id, key_mark, section] : sections.members()) {
    const auto known = schemas.plugins.find(id);
    if (known == schemas.plugins.end() || !section.is(Kind::kObject)) {
      out.push_back({id, key_mark, section});
      continue;
    }
    Node::Object members = members_where(section, true);
    const Node own = apply_defaults(without_host_keys(section), known->second);
    members.insert(members.end(), own.members().begin(), own.members().end());
    out.push_back({id, key_mark, own.with(Node::Value(std::move(members)))});
  }
  return out;
}

}  // namespace

Result<Schemas, std::vector<Fault>> read_schemas(std::string_view host_schema,
                                                 const PluginSchemas& plugins) {
  std::vector<Fault> faults;
  const auto collect = [&](const std::vector<Fault>& more) {
    faults.insert(faults.end(), more.begin(), more.end());
  };
  auto host = Schema::parse(host_schema, "schema of the host");
  if (!host.ok()) collect(host.reason());
  std::map<std::string, Schema, std::less<>> read;
  for (const auto& [id, text] : plugins) {
    auto schema = Schema::parse(text.empty() ? "{}" : text, "schema of plugin " + id);
    if (schema.ok()) {
      read.emplace(id, std::move(*schema));
    } else {
      collect(schema.reason());
    }
  }
  if (!faults.empty()) return Refused{std::move(faults)};
  return Schemas{std::move(*host), std::move(read)};
}

Findings validate_all(const Node& root, const Schemas& schemas) {
  Findings out = validate(root, schemas.host);
  if (const auto* sections = root.member(kPlugins))
    out.add(validate_plugins(sections->value, schemas));
  out.sort();
  return out;
}

Findings validate_all(const Node& root, std::string_view host_schema,
                      const PluginSchemas& plugins) {
  const auto schemas = read_schemas(host_schema, plugins);
  return schemas.ok() ? validate_all(root, *schemas) : Findings{schemas.reason(), {}};
}

Node apply_all_defaults(const Node& root, const Schemas& schemas) {
  const Node effective = apply_defaults(root, schemas.host);
  Node::Object members = effective.members();
  for (auto& member : members) {
    if (member.key != kPlugins || !member.value.is(Kind::kObject)) continue;
    member.value = member.value.with(Node::Value(with_plugin_defaults(member.value, schemas)));
  }
  return effective.with(Node::Value(std::move(members)));
}

Node plugin_section(const Node& root, std::string_view plugin) {
  const auto* sections = root.member(kPlugins);
  const auto* section = sections ? sections->value.member(plugin) : nullptr;
  return section ? without_host_keys(section->value) : Node(Node::Object{});
}

Checked check(const Sources& sources, const Schemas& schemas) {
  Loaded loaded = load(sources);
  Checked out{apply_all_defaults(loaded.root, schemas), std::move(loaded.findings)};
  out.findings.add(validate_all(loaded.root, schemas));
  out.findings.sort();
  return out;
}

}  // namespace gantry::config
