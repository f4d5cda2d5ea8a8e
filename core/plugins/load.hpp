// Loading: the only place that calls dlopen.
#pragma once
#include <string>

#include "gantry/abi/plugin.h"
#include "gantry/result.hpp"

namespace gantry::plugins {

struct Library {
  gantry_plugin_entry_fn entry = nullptr;
};

// Maps the library for the life of the process (never dlclose: code that is still on some stack, or
// a thread-local destructor, must not lose its ground; ADR-0012) and finds its entry. Constructors
// of the library run here; one that throws ends the process, as in any C++ program.
//
//   path     a staged file (stage.hpp): a path that was replaced would give the old code again
//   returns  its entry, or why not, one sentence that reads on after the plugin's name
//   thread   [setup]
Result<Library, std::string> load(const std::string& path);

}  // namespace gantry::plugins
