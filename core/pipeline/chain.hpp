// Chain: the middleware of a group of routes, in the order of the configuration.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "core/pipeline/contribution.hpp"
#include "core/pipeline/phase.hpp"

namespace gantry::pipeline {

// The `chains` section. Requests without a route use the chain "default", else "public".
using ChainConfig = std::map<std::string, std::vector<std::string>>;

// Middleware of plugins that are installed but not active now: name → phase it last declared.
using KnownMiddleware = std::map<std::string, std::string>;

// One thing that is wrong. `path` is the key in the configuration ("chains.private[2]") or empty
// when a plugin's plan is at fault.
struct SnapshotFault {
  std::string path;
  std::string message;
};

// One step of a chain. Without functions: a built-in entry, or one that is missing.
struct ChainEntry {
  std::string name;
  Phase phase = Phase::kEdge;
  OwnerPtr owner;  // null: built in, or missing
  bool missing = false;
  void* self = nullptr;
  uint32_t (*on_request)(void*, gantry_handle, const gantry_request*) noexcept = nullptr;
  void (*on_response)(void*, gantry_handle, const gantry_request*) noexcept = nullptr;
};

struct Chain {
  std::string name;
  std::vector<ChainEntry> entries;
  bool access_log = false;   // names the built-in entry
  bool idempotency = false;  // the same
  std::string missing;    // name of the first missing entry; routes answer 503 while there is one
  bool misspelt = false;  // it names an entry that nobody knows: a fault already told

  bool has(Phase phase) const;
};

// The built-in entries: request_id (edge), access_log (trace), idempotency (cache).
const KnownMiddleware& built_in_middleware();

std::map<std::string, Chain> build_chains(const std::vector<Contribution>& contributions,
                                          const ChainConfig& config, const KnownMiddleware& known,
                                          std::vector<SnapshotFault>& faults);

}  // namespace gantry::pipeline
