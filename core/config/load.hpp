// Loads a configuration: one YAML file, then conf.d/*.yaml beside it in the order of their names,
// then
// --set arguments; later ones win. Then ${…} is resolved (substitute.hpp).
#pragma once
#include <string>
#include <vector>

#include "core/config/node.hpp"
#include "core/config/substitute.hpp"

namespace gantry::config {

struct Sources {
  std::string file;                    // "config/gantry.yaml"; also the name in the marks
  std::vector<std::string> overrides;  // "http.listen=0.0.0.0:80"
  Environment environment = process_environment();
};

struct Loaded {
  Node root;  // always an object; holds whatever could be read, even after faults
  Findings findings;
};

// Never throws for bad input: a source that cannot be read is a fault, and the others are still
// read. Each file at most kSourceBytesMax bytes, at most 256 files in conf.d. [blocks on file I/O]
Loaded load(const Sources& sources);

}  // namespace gantry::config
