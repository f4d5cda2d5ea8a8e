#include "core/plugins/load.hpp"

#include <dlfcn.h>

#include "gantry/text.hpp"

namespace gantry::plugins {
namespace {
// Copied at once: the text belongs to the thread's dl state.
std::string linker_says() {
  const char* text = ::dlerror();
  return text ? text : "unknown error";
}
}  // namespace

Result<Library, std::string> load(const std::string& path) {
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!library)
    return Refused{join("cannot be loaded: ", linker_says(), "; install what it is linked with")};
  void* entry = ::dlsym(library, "gantry_plugin_entry");
  if (!entry) return Refused{join("has no entry: ", linker_says())};
  return Library{reinterpret_cast<gantry_plugin_entry_fn>(entry)};
}

}  // namespace gantry::plugins
