// The whole configuration against the host's schema and those of the plugins: what `gantry check`
// prints and the host starts from.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "core/config/load.hpp"
#include "core/config/schema.hpp"

namespace gantry::config {

// Plugin id to the text of its schema; an empty text means any section is fine.
using PluginSchemas = std::map<std::string, std::string, std::less<>>;

// All schemas of one host, read once.
struct Schemas {
  Schema host;
  std::map<std::string, Schema, std::less<>> plugins;
  std::string looked_in = {};  // the directories of plugins, to be told; may be empty
};
Result<Schemas, std::vector<Fault>> read_schemas(std::string_view host_schema,
                                                 const PluginSchemas& plugins);

// The host's sections by the host's schema; each section under `plugins` by its plugin's schema,
// without `enabled`, `required` and `sha256`, which belong to the host. A section for a plugin that
// is not in `schemas` is a fault. Sorted by file, line, column.
Findings validate_all(const Node& root, const Schemas& schemas);
// The same from texts; faults of the schemas themselves come first, and then nothing else is
// checked.
Findings validate_all(const Node& root, std::string_view host_schema, const PluginSchemas& plugins);

// apply_defaults for the host's sections and those of the plugins that are there.
Node apply_all_defaults(const Node& root, const Schemas& schemas);

// The section of one plugin as the plugin sees it: without the keys of the host; an empty object
// when there is none.
Node plugin_section(const Node& root, std::string_view plugin);

struct Checked {
  Node effective;     // with defaults; meaningful only when findings.ok()
  Findings findings;  // loading and validation together, sorted
};

// load, validate_all and apply_all_defaults in one. [blocks on file I/O]
Checked check(const Sources& sources, const Schemas& schemas);

}  // namespace gantry::config
