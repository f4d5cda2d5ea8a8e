#include "core/plugins/health_board.hpp"

#include "core/plugins/tables/call.hpp"

namespace gantry::plugins {
namespace {
void each(void* self, void* state,
          void (*visit)(void* state, const gantry_health_result* result)) noexcept {
  run(self, "health.each", [&](Context& context) {
    for (const HealthResult& result : context.ports().health.results()) {
      const gantry_health_result raw{
          sizeof(gantry_health_result), result.healthy ? 1u : 0u,
          result.critical ? 1u : 0u,    static_cast<uint32_t>(result.duration.count()),
          to_abi(result.name),          to_abi(result.detail)};
      visit(state, &raw);
    }
  });
}
uint32_t ready(void* self, const gantry_sink* reason) noexcept {
  uint32_t yes = 0;
  run(self, "health.ready", [&](Context& context) {
    const std::string why_not = context.ports().health.not_ready();
    yes = why_not.empty() ? 1 : 0;
    if (!why_not.empty()) gantry::detail::say(reason, why_not);
  });
  return yes;
}
uint32_t live(void* self) noexcept {
  uint32_t yes = 0;
  run(self, "health.live", [&](Context& context) { yes = context.ports().health.live() ? 1 : 0; });
  return yes;
}
uint64_t uptime_ms(void* self) noexcept {
  return static_cast<Context*>(self)->ports().health.uptime_ms();
}
}  // namespace

gantry_health health_table(Context& context) {
  return {sizeof(gantry_health), &context, each, ready, live, uptime_ms};
}

}  // namespace gantry::plugins
