#include "core/plugins/tables/call.hpp"

namespace gantry::plugins {
namespace {
constexpr size_t kStreamBytesMax = 512;
constexpr size_t kKeyBytesMax = 512;

// Runs body(unit) on the open unit of that handle.
template <class F>
gantry_rc with_unit(void* self, std::string_view function, gantry_handle unit, F&& body) noexcept {
  return call(self, nullptr, function, [&](Context& context) -> gantry_rc {
    const auto open = context.units.find(unit);
    if (!open) return GANTRY_STALE;
    const std::lock_guard lock(open->mutex);
    body(open->unit);
    return GANTRY_OK;
  });
}

bool are_names(gantry_str stream, gantry_str key) {
  return !view(stream).empty() && view(stream).size() <= kStreamBytesMax && !view(key).empty() &&
         view(key).size() <= kKeyBytesMax;
}

gantry_rc set(void* self, gantry_handle unit, gantry_str stream, gantry_str key, gantry_time due,
              gantry_str payload) noexcept {
  if (!are_names(stream, key)) return GANTRY_INVALID;
  return with_unit(self, "timers.set", unit, [&](log::Unit& into) {
    into.timers_set.push_back({std::string(view(stream)), std::string(view(key)), Instant(due),
                               view(payload).empty() ? "{}" : std::string(view(payload))});
  });
}

gantry_rc cancel(void* self, gantry_handle unit, gantry_str stream, gantry_str key) noexcept {
  if (!are_names(stream, key)) return GANTRY_INVALID;
  return with_unit(self, "timers.cancel", unit, [&](log::Unit& into) {
    into.timers_cancelled.push_back({std::string(view(stream)), std::string(view(key))});
  });
}
}  // namespace

gantry_timers timers_table(Context& context) {
  return {sizeof(gantry_timers), &context, set, cancel};
}

}  // namespace gantry::plugins
