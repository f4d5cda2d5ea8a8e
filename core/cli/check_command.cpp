// gantry check: everything `serve` checks, on the same code path, without opening the data
// directory or listening: configuration, plugin files, plans, chains.
#include <iostream>

#include "core/cli/cli.hpp"
#include "core/cli/report.hpp"
#include "core/host/host.hpp"

namespace gantry::cli {

int check(const ConfigArguments& arguments) {
  const auto configuration = host::read_configuration(sources_of(arguments));
  print_findings(configuration.findings);
  if (!configuration.findings.ok()) return kWrongInput;
  const auto faults = host::check_plans(configuration);
  for (const std::string& fault : faults) std::cerr << fault << '\n';
  if (!faults.empty()) return kWrongInput;
  std::cout << arguments.config_file << ": no faults; " << configuration.verified.size()
            << " plugins\n";
  return kDone;
}

}  // namespace gantry::cli
