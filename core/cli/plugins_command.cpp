// gantry plugins: which plugin files there are, which the configuration enables, which were refused
// and why. Reads the files; runs nothing of them.
#include <iomanip>
#include <iostream>

#include "core/cli/cli.hpp"
#include "core/cli/report.hpp"

namespace gantry::cli {
namespace {

std::string_view state_of(const host::FoundPlugin& plugin, const config::Node& root) {
  if (!plugin.refused.empty()) return "refused";
  const config::Node* all = root.find("plugins");
  const auto* section = all ? all->member(plugin.id) : nullptr;
  return section && section->value.boolean("enabled", true) ? "enabled" : "not enabled";
}

}  // namespace

int plugins(const ConfigArguments& arguments) {
  const auto configuration = host::read_configuration(sources_of(arguments));
  bool refused = false;
  for (const host::FoundPlugin& plugin : configuration.found) {
    std::cout << std::left << std::setw(24) << (plugin.id.empty() ? "?" : plugin.id)
              << std::setw(10) << plugin.version << std::setw(13)
              << state_of(plugin, configuration.root) << plugin.path << '\n';
    if (!plugin.refused.empty()) std::cout << "    " << plugin.refused << '\n';
    refused = refused || !plugin.refused.empty();
  }
  if (configuration.found.empty()) {
    std::cout << "no plugin files in";
    for (const std::string& directory : configuration.directories) std::cout << ' ' << directory;
    std::cout << '\n';
  }
  print_findings(configuration.findings);
  return refused ? kFailed : kDone;
}

}  // namespace gantry::cli
