// gantry reference: docs/reference/configuration.md, written from the schemas that check the
// configuration, so that the page cannot say anything else than the program does.
#include <iostream>

#include "core/cli/cli.hpp"
#include "core/cli/report.hpp"
#include "core/config/describe.hpp"
#include "core/config/host_schema.hpp"
#include "core/config/schema.hpp"
#include "core/config/to_json.hpp"
#include "gantry/text.hpp"

namespace gantry::cli {
namespace {

const config::Rule& behind(const config::Rule& rule) { return rule.ref ? behind(*rule.ref) : rule; }

// A default as people write it: no quotes, no braces for an empty section.
std::string shown_default(const config::Rule& rule) {
  if (!rule.fallback) return "";
  const std::string json = config::to_json(*rule.fallback, config::Secrets::kMasked);
  return join("`", json, "`");
}

void write_rows(const std::string& path, const config::Rule& rule) {
  for (const config::Property& property : rule.properties) {
    const config::Rule& inner = behind(*property.rule);
    const std::string name = path.empty() ? property.name : join(path, ".", property.name);
    if (!inner.properties.empty()) {
      write_rows(name, inner);
      continue;
    }
    const std::string text =
        property.rule->description.empty() ? inner.description : property.rule->description;
    std::cout << "| `" << name << "` | " << text << " | " << config::expectation(inner) << " | "
              << shown_default(property.rule->fallback ? *property.rule : inner) << " |\n";
  }
}

void write_table(const config::Rule& rule) {
  std::cout << "\n| Key | What | Takes | Default |\n|---|---|---|---|\n";
  write_rows("", rule);
}

}  // namespace

int reference(const ConfigArguments& arguments) {
  const auto configuration = host::read_configuration(sources_of(arguments));
  const auto host = config::Schema::parse(config::host_schema(), "the host's schema");
  if (!host) return kFailed;
  std::cout
      << "# Configuration\n\n"
         "<!-- Written by: gantry reference. A test compares this page with the program. -->\n\n"
         "One YAML file, then `conf.d/*.yaml` beside it by name, then `--set key=value`; later "
         "ones win, sections are\n"
         "merged, lists replaced. `${NAME}`, `${NAME:-default}` and `${file:/path}` are filled in; "
         "`$${` is a plain\n"
         "`${`. An unknown key is an error. `gantry check` reports all faults at once with file, "
         "line and column.\n\n"
         "## The host\n";
  for (const config::Property& section : host->root().properties) {
    std::cout << "\n### " << section.name << "\n\n" << section.rule->description << "\n";
    if (!section.rule->properties.empty()) write_table(behind(*section.rule));
  }
  std::cout
      << "\nEvery plugin's section also takes `enabled` (default `true`), `required` (default "
         "`true`; `false`: the server\nstarts without the plugin when it cannot start, and "
         "`/health` says degraded) and `sha256` (of its file).\n"
         "\n## The plugins that ship with Gantry\n";
  for (const auto& [id, plugin] : configuration.verified) {
    std::cout << "\n### plugins." << id << "\n\n" << plugin.manifest.summary << ".\n";
    if (plugin.config_schema.empty()) {
      std::cout << "\nNo settings.\n";
      continue;
    }
    const auto schema = config::Schema::parse(plugin.config_schema, id);
    if (!schema) return kFailed;
    write_table(schema->root());
  }
  return kDone;
}

}  // namespace gantry::cli
