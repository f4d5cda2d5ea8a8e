// Answers for ever, also to a plugin that is gone: it touches the host only.
#include "core/plugins/tables/call.hpp"

namespace gantry::plugins {
namespace {
gantry_time now(void* self) noexcept { return static_cast<Context*>(self)->ports().log.now().us(); }
int64_t monotonic_ns(void* self) noexcept {
  return static_cast<Context*>(self)->ports().clock.monotonic_ns();
}
}  // namespace

gantry_clock clock_table(Context& context) {
  return {sizeof(gantry_clock), &context, now, monotonic_ns};
}

}  // namespace gantry::plugins
