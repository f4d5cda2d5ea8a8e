#include "core/plugins/open_units.hpp"

namespace gantry::plugins {

gantry_handle OpenUnits::add(Entry unit, const Context& owner, uint32_t units_max) {
  const std::lock_guard lock(mutex_);
  uint32_t& open = open_[&owner];
  if (open >= units_max) return 0;
  unit->owner = &owner;
  const gantry_handle handle = table_.add(std::move(unit));
  if (handle != 0) ++open;
  return handle;
}

OpenUnits::Entry OpenUnits::take(gantry_handle handle, const Context& owner) {
  const std::lock_guard lock(mutex_);
  const Entry found = table_.find(handle);
  if (!found || found->owner != &owner) return nullptr;
  --open_[&owner];
  return table_.take(handle);
}

size_t OpenUnits::drop_all(const Context& owner) {
  const std::lock_guard lock(mutex_);
  open_.erase(&owner);
  return table_.take_if([&](const OpenUnit& unit) { return unit.owner == &owner; }).size();
}

}  // namespace gantry::plugins
