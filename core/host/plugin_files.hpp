// The files of plugins: where they are looked for, and what can be said about them without running
// them.
#pragma once
#include <string>
#include <vector>

#include "core/host/configuration.hpp"

namespace gantry::host {

// Fills directories, found and verified from loader.directories of the tree, which need not have
// been checked yet. Of two files with one id, <id>.so counts, else the first; the other is refused.
void find_plugins(Configuration& configuration);

// Directories that are not there, and files of enabled plugins that were refused or are there
// twice.
std::vector<config::Fault> faults_of_plugins(const Configuration& configuration);

bool is_missing(const std::string& directory);

}  // namespace gantry::host
