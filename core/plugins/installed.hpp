// Installed: one plugin that was found, as the registry keeps it.
#pragma once
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/plugins/generation.hpp"
#include "core/plugins/series_table.hpp"
#include "core/plugins/state.hpp"
#include "core/plugins/verify.hpp"
#include "gantry/instant.hpp"

namespace gantry::plugins {

// What the configuration says about a plugin that may run.
struct Enabled {
  std::string id;
  bool start = true;                    // false: only when somebody switches it on
  bool required = false;                // the server must not run without it
  std::string config = "{}";            // its section as one JSON object, defaults filled in
  std::optional<std::string> sha256{};  // of its file
  bool allow_draft = false;
};

// What people see of it.
struct PluginInfo {
  std::string id;
  std::string version;  // empty when the manifest could not be read
  std::string summary;
  std::string path;
  std::string sha256;
  std::string config_schema;  // JSON Schema of its section, or empty
  State state = State::kDiscovered;
  std::string reason;  // why it is in that state
  Instant since;
  bool required = false;
  bool wanted = false;                  // the configuration starts it
  std::vector<std::string> interfaces;  // needed and wanted
  std::vector<std::string> provides;    // services
  std::vector<std::string> needs;       // services
};

// When a published composition has taken effect. Second owner: the publisher's callbacks.
class Published {
 public:
  void switched() { set(switched_); }
  void drained() { set(drained_); }
  bool wait_switched(std::chrono::steady_clock::time_point deadline) {
    return wait(switched_, deadline);
  }
  bool wait_drained(std::chrono::steady_clock::time_point deadline) {
    return wait(drained_, deadline);
  }

 private:
  void set(bool& flag) {
    const std::lock_guard lock(mutex_);
    flag = true;
    changed_.notify_all();
  }
  bool wait(bool& flag, std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    return changed_.wait_until(lock, deadline, [&] { return flag; });
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  bool switched_ = false;
  bool drained_ = false;
};

struct Installed {
  PluginInfo info;
  Enabled enabled;  // the id is empty while the configuration does not enable it
  std::string loaded_sha256;
  gantry_plugin_entry_fn entry = nullptr;  // of the file with that digest
  std::unique_ptr<SeriesTable> series;
  std::optional<Verified> verified;  // while it is being started
  std::unique_ptr<Context> context;  // of the generation
  std::unique_ptr<Generation> generation;
  std::shared_ptr<Published> leaving;  // while draining
};

}  // namespace gantry::plugins
