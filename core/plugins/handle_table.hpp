// HandleTable: long-lived things of one kind that a plugin holds by handle. A handle names kind,
// slot and generation, so one that is stale, of another kind or made up finds nothing.
#pragma once
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "gantry/abi/base.h"

namespace gantry::plugins {

enum class HandleKind : uint8_t { kUnit = 1, kSession, kDocument, kLease };

// All members [any]; entries are found under a lock that is never held while they are used.
template <class T>
class HandleTable {
 public:
  // Second owner beside the table: the call that uses the entry, so that closing it elsewhere is
  // safe.
  using Entry = std::shared_ptr<T>;

  HandleTable(HandleKind kind, uint32_t entries_max) : kind_(kind), entries_max_(entries_max) {}

  // 0 when entries_max are open.
  gantry_handle add(Entry entry) {
    const std::lock_guard lock(mutex_);
    uint32_t slot;
    if (!free_.empty()) {
      slot = free_.back();
      free_.pop_back();
    } else if (slots_.size() < entries_max_) {
      slot = static_cast<uint32_t>(slots_.size());
      slots_.emplace_back();
    } else {
      return 0;
    }
    slots_[slot].entry = std::move(entry);
    return handle_of(slot);
  }

  // Null when the handle is stale.
  Entry find(gantry_handle handle) const {
    const std::lock_guard lock(mutex_);
    const Slot* slot = slot_of(handle);
    return slot ? slot->entry : nullptr;
  }

  // As find; the handle is stale from now on.
  Entry take(gantry_handle handle) {
    const std::lock_guard lock(mutex_);
    if (!slot_of(handle)) return nullptr;
    const auto slot = static_cast<uint32_t>(handle & kSlotMask);
    return empty(slot);
  }

  // All that are open and for which wanted(entry).
  template <class F>
  std::vector<Entry> find_if(F&& wanted) const {
    const std::lock_guard lock(mutex_);
    std::vector<Entry> all;
    for (const Slot& slot : slots_) {
      if (slot.entry && wanted(*slot.entry)) all.push_back(slot.entry);
    }
    return all;
  }

  // Takes all that are open and for which wanted(entry).
  template <class F>
  std::vector<Entry> take_if(F&& wanted) {
    const std::lock_guard lock(mutex_);
    std::vector<Entry> all;
    for (uint32_t slot = 0; slot < slots_.size(); ++slot) {
      if (slots_[slot].entry && wanted(*slots_[slot].entry)) all.push_back(empty(slot));
    }
    return all;
  }
  std::vector<Entry> take_all() {
    return take_if([](const T&) { return true; });
  }

 private:
  static constexpr uint64_t kSlotMask = (1u << 24) - 1;
  struct Slot {
    Entry entry;
    uint32_t generation = 1;
  };

  gantry_handle handle_of(uint32_t slot) const {
    return uint64_t{static_cast<uint8_t>(kind_)} << 56 | uint64_t{slots_[slot].generation} << 24 |
           slot;
  }
  const Slot* slot_of(gantry_handle handle) const {
    const uint64_t slot = handle & kSlotMask;
    if (slot >= slots_.size() || handle_of(static_cast<uint32_t>(slot)) != handle) return nullptr;
    return slots_[slot].entry ? &slots_[slot] : nullptr;
  }
  Entry empty(uint32_t slot) {
    ++slots_[slot].generation;
    free_.push_back(slot);
    return std::move(slots_[slot].entry);
  }

  const HandleKind kind_;
  const uint32_t entries_max_;
  mutable std::mutex mutex_;
  std::vector<Slot> slots_;
  std::vector<uint32_t> free_;
};

}  // namespace gantry::plugins
