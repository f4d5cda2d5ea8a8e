// OpenUnits: units of the log from begin to their outcome, of all plugins: one plugin begins and
// commits a unit, others add to it through their services (gantry/ticketing/inventory.h). Also the
// order among units that are decided on each other's events before these are committed (ADR-0008):
// a unit reaches the log after its predecessors, and is refused with them.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "core/log/log.hpp"
#include "core/plugins/handle_table.hpp"
#include "gantry/abi/base.h"

namespace gantry::plugins {

class Context;

// Must not throw.
using Told = std::function<void(const log::Outcome&)>;

struct OpenUnit {
  std::mutex mutex;  // guards unit and events; keeps alive a plugin that uses it on two threads
  log::Unit unit;
  size_t events = 0;

  // What follows is the table's, under its lock.
  enum class Stage : uint8_t { kOpen, kParked, kGiven, kOver };
  using Entry = std::shared_ptr<OpenUnit>;  // second owners: the table, and its neighbours

  Stage stage = Stage::kOpen;
  bool refused = false;  // a predecessor is lost: the log will not see it
  bool queued = false;   // with the log: whoever comes after it need not wait
  gantry_handle handle = 0;
  const Context* owner = nullptr;  // the generation that began it
  std::vector<Told> watches;
  std::vector<Entry> before;  // decided on their events
  std::vector<Entry> behind;  // decided on its events
  size_t waits_for = 0;       // of `before`, how many are not with the log yet
  log::Log* log = nullptr;    // from commit() on
  // Second owners: the units decided on its events.
  const std::shared_ptr<log::Fate> fate = std::make_shared<log::Fate>();
  Told done;
};

// All members [any]. What they call back is called without a lock held.
class OpenUnits {
 public:
  using Entry = OpenUnit::Entry;

  OpenUnits() = default;
  ~OpenUnits();
  OpenUnits(const OpenUnits&) = delete;
  OpenUnits& operator=(const OpenUnits&) = delete;

  // 0 when `owner` has units_max open.
  gantry_handle add(Entry unit, const Context& owner, uint32_t units_max);
  // Null when stale. Any plugin may add to it.
  Entry find(gantry_handle handle) const;

  // The functions of gantry/abi/log.h of these names; kOk or the code they answer.
  Code keep_checks(gantry_handle handle, const Context& owner);
  Code watch(gantry_handle handle, Told told);
  Code after(gantry_handle handle, gantry_handle predecessor);
  // kOk: `done` is called exactly once. `here`: the calling thread may block, and commit by itself.
  Code commit(gantry_handle handle, const Context& owner, log::Log& log, Told done,
              bool here = false);
  void drop(gantry_handle handle, const Context& owner);

  // Drops those that `owner` left open; returns how many.
  size_t drop_all(const Context& owner);

 private:
  static constexpr uint32_t kUnitsMax = 1u << 20;
  static constexpr size_t kParkedMax = 8192;
  using Entries = std::vector<Entry>;

  Entry open(gantry_handle handle) const;
  Entry open_of(gantry_handle handle, const Context& owner) const;
  bool waits_on(const OpenUnit& unit, const OpenUnit& other) const;
  void give(Entry unit, bool here = false);
  void finish(const Entry& unit, const log::Outcome& outcome);
  void lose(Entries lost, const log::Outcome& first);
  static Entries refuse_behind(OpenUnit& unit);
  Entries release_behind(OpenUnit& unit);

  HandleTable<OpenUnit> table_{HandleKind::kUnit, kUnitsMax};
  mutable std::mutex mutex_;  // guards what follows, and the order in each unit
  size_t parked_ = 0;
  std::map<const Context*, uint32_t> open_;
};

}  // namespace gantry::plugins
