// Verifying a plugin: everything that can be said about the file without running an instruction of
// it.
#pragma once
#include <optional>
#include <string>

#include "core/plugins/manifest.hpp"
#include "gantry/result.hpp"

namespace gantry::plugins {

struct VerifyOptions {
  std::string host_version;
  std::optional<std::string> sha256;  // configured: 64 hexadecimal digits, either case
  bool allow_draft = false;
};

// A plugin file that may be loaded. `bytes` is what was checked and what will be loaded: the file
// is read once, so nobody can change it in between.
struct Verified {
  std::string path;
  std::string bytes;
  std::string sha256;
  Manifest manifest;
  std::string config_schema;  // JSON Schema of its section; empty: it takes no configuration
};

struct Refusal {
  std::string
      reason;  // one sentence that says what to do, reads on after the plugin's name or path
  std::optional<Manifest> manifest;  // when that much could be read
};

inline constexpr size_t kPluginBytesMax = 256 * 1024 * 1024;

// Refuses, in this order: no regular file, writable by group or others (itself or its directory),
// larger than kPluginBytesMax, no shared library of this machine or cut short, no or wrong
// manifest, no gantry_plugin_entry, needs that this host does not meet, another sha256 than
// configured. Never throws for what is in the file.  [setup] blocks on file I/O
Result<Verified, Refusal> verify(const std::string& path, const VerifyOptions& options);

}  // namespace gantry::plugins
