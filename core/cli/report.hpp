// What several commands print and read alike.
#pragma once
#include "core/cli/cli.hpp"
#include "core/host/configuration.hpp"

namespace gantry::cli {

host::ConfigurationSources sources_of(const ConfigArguments& arguments);

// Warnings and faults on stderr, one line each.
void print_findings(const config::Findings& findings);

}  // namespace gantry::cli
