// Configuration: everything `serve` and `check` know before anything is started: the files of the
// plugins as far as they can be read without running them, and the settings, checked against all
// schemas.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "core/config/check.hpp"
#include "core/config/load.hpp"
#include "core/plugins/verify.hpp"

namespace gantry::host {

struct ConfigurationSources {
  std::string config_file;
  bool use_default_when_missing = false;  // the configuration compiled into the binary
  std::vector<std::string> overrides;
  std::string data_dir = "./var";  // what storage: URLs are relative to
};

// A plugin file that was found: usable, or refused with a reason.
struct FoundPlugin {
  std::string id;  // empty when refused before its manifest could be read
  std::string path;
  std::string version;
  std::string summary;
  std::string refused;  // one sentence; empty when usable
  std::string twin;     // refused because this file has the same id
};

struct Configuration {
  config::Node root;  // with defaults; meaningful only when findings.ok()
  config::Findings findings;
  std::vector<std::string> directories;               // absolute, where plugins were looked for
  std::vector<FoundPlugin> found;                     // by id, then path
  std::map<std::string, plugins::Verified> verified;  // by id
};

// Never throws for what is in the files. [setup] blocks on file I/O
Configuration read_configuration(const ConfigurationSources& sources);

// The text of config/gantry.yaml as it was when this binary was built.
std::string_view default_configuration();

}  // namespace gantry::host
