// OpenUnits: units of the log that are being filled, of all plugins: one plugin begins and commits
// a unit, others add to it through their services (gantry/ticketing/inventory.h).
#pragma once
#include <cstdint>
#include <map>
#include <mutex>

#include "core/log/log.hpp"
#include "core/plugins/handle_table.hpp"

namespace gantry::plugins {

class Context;

// A unit being filled. One thread at a time by contract; the lock keeps a plugin that breaks it
// alive.
struct OpenUnit {
  std::mutex mutex;
  log::Unit unit;
  size_t events = 0;
  const Context* owner = nullptr;  // the generation that began it
};

// All members [any].
class OpenUnits {
 public:
  using Entry = HandleTable<OpenUnit>::Entry;

  // 0 when `owner` has units_max open.
  gantry_handle add(Entry unit, const Context& owner, uint32_t units_max);
  // Null when stale. Any plugin may add to it.
  Entry find(gantry_handle handle) const { return table_.find(handle); }
  // As find, and the handle is stale from now on; null too when another plugin began it.
  Entry take(gantry_handle handle, const Context& owner);
  // Drops those that `owner` left open; returns how many.
  size_t drop_all(const Context& owner);

 private:
  HandleTable<OpenUnit> table_{HandleKind::kUnit, 1u << 20};
  std::mutex mutex_;  // guards open_
  std::map<const Context*, uint32_t> open_;
};

}  // namespace gantry::plugins
