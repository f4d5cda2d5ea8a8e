// Manifest: what a plugin says about itself in plugin.yaml, read from its ELF section
// .gantry.manifest without running it.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/fault.hpp"
#include "core/plugins/version.hpp"
#include "gantry/result.hpp"

namespace gantry::plugins {

// An interface the plugin asks the host for: "gantry.log/1", with as many bytes of its table as it
// uses.
struct InterfaceNeed {
  std::string id;
  uint32_t size = 0;  // 0: no matter
};

struct Manifest {
  std::string id;  // "payments", "acme.hello"
  Version version;
  std::string summary;
  std::vector<InterfaceNeed> needs;        // without one of these it is refused
  std::vector<InterfaceNeed> wants;        // given when the host has them
  std::vector<std::string> provides;       // services it may offer
  std::vector<std::string> service_needs;  // services its routes cannot do without
  bool draft =
      false;  // uses interfaces that may still change; needs allow_draft in the configuration

  bool asks_for(std::string_view interface) const;
};

inline constexpr size_t kManifestBytesMax = 64 * 1024;

// All faults at once, each with its line; `file` is the name in them.
Result<Manifest, std::vector<config::Fault>> read_manifest(std::string_view yaml,
                                                           const std::string& file);

}  // namespace gantry::plugins
