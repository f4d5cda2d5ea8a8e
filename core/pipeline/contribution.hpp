// What one plugin (or the host itself) adds to the pipeline: copies of what its plan declared.
// pipeline::build_snapshot turns all contributions and the configured chains into one Snapshot.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gantry/abi/plan.h"

namespace gantry::pipeline {

// Whom a call is metered on and blamed for. One per plugin generation; outlives every request that
// can reach it, because the snapshot holds it.
class Owner {
 public:
  explicit Owner(std::string id) : id_(std::move(id)) {}
  const std::string& id() const { return id_; }
  std::atomic<uint64_t> calls{0};
  std::atomic<uint64_t> failures{0};

 private:
  std::string id_;
};
using OwnerPtr = std::shared_ptr<Owner>;  // second owner: every snapshot that contains its routes

// An empty chain is no middleware at all: for the host's own, as no plugin's plan may say so.
struct RouteSpec {
  std::string method, pattern, chain, roles, body_schema, answer_schema, reads, summary;
  uint32_t access = 0;       // GANTRY_ACCESS_*
  uint32_t thread = 0;       // GANTRY_ON_LOOP, GANTRY_ON_WORKER
  uint32_t idempotency = 0;  // GANTRY_IDEMPOTENCY_*
  uint64_t body_bytes_max = 0;
  void* self = nullptr;
  uint32_t (*handle)(void*, gantry_handle, const gantry_request*) noexcept = nullptr;
};

struct MiddlewareSpec {
  std::string name, phase;
  void* self = nullptr;
  uint32_t (*on_request)(void*, gantry_handle, const gantry_request*) noexcept = nullptr;
  void (*on_response)(void*, gantry_handle, const gantry_request*) noexcept = nullptr;
};

struct Contribution {
  OwnerPtr owner;
  std::vector<RouteSpec> routes;
  std::vector<MiddlewareSpec> middleware;
  std::vector<std::string> provides;  // service ids
  std::vector<std::string> needs;     // service ids its routes cannot do without
};

}  // namespace gantry::pipeline
