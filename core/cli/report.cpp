#include "core/cli/report.hpp"

#include <iostream>

namespace gantry::cli {

host::ConfigurationSources sources_of(const ConfigArguments& arguments) {
  host::ConfigurationSources sources;
  sources.config_file = arguments.config_file;
  sources.use_default_when_missing = !arguments.config_given;
  sources.overrides = arguments.overrides;
  sources.data_dir = arguments.data_dir;
  return sources;
}

void print_findings(const config::Findings& findings) {
  for (const config::Fault& warning : findings.warnings)
    std::cerr << to_text(warning) << " (warning)\n";
  std::cerr << to_text(findings.faults);
  if (!findings.faults.empty()) {
    std::cerr << findings.faults.size() << (findings.faults.size() == 1 ? " fault" : " faults")
              << " in the configuration\n";
  }
}

}  // namespace gantry::cli
