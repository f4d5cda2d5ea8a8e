// gantry check: everything `serve` checks, on the same code path, without touching the data
// directory or the configured databases and without listening: configuration, plugin files, plans,
// chains.
#include <algorithm>
#include <iostream>

#include "core/cli/cli.hpp"
#include "core/cli/report.hpp"
#include "core/host/host.hpp"

namespace gantry::cli {
namespace {
size_t enabled_plugins(const config::Node& root) {
  const config::Node* all = root.find("plugins");
  if (!all) return 0;
  const auto& sections = all->members();
  return static_cast<size_t>(std::count_if(
      sections.begin(), sections.end(),
      [](const config::Node::Member& section) { return section.value.boolean("enabled", true); }));
}
}  // namespace

int check(const ConfigArguments& arguments) {
  const auto configuration = host::read_configuration(sources_of(arguments));
  print_findings(configuration.findings);
  if (!configuration.findings.ok()) return kWrongInput;
  const auto plans = host::check_plans(configuration);
  print_findings(plans);
  if (!plans.ok()) return kWrongInput;
  const size_t enabled = enabled_plugins(configuration.root);
  std::cout << arguments.config_file << ": no faults; " << enabled
            << (enabled == 1 ? " plugin" : " plugins") << " enabled\n";
  if (enabled == 0) std::cerr << "no plugin is enabled: the server would have nothing to serve\n";
  return kDone;
}

}  // namespace gantry::cli
