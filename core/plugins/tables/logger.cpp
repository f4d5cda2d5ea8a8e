#include "core/plugins/tables/call.hpp"

namespace gantry::plugins {
namespace {
constexpr uint32_t kFieldsMax = 32;

observe::Level level_of(uint32_t level) {
  if (level <= GANTRY_DEBUG) return observe::Level::kDebug;
  if (level == GANTRY_INFO) return observe::Level::kInfo;
  return level == GANTRY_WARN ? observe::Level::kWarn : observe::Level::kError;
}

uint32_t enabled(void* self, uint32_t level) noexcept {
  return static_cast<Context*>(self)->ports().logger.enabled(level_of(level)) ? 1 : 0;
}

void write(void* self, uint32_t level, gantry_str event, gantry_str message,
           const gantry_log_field* fields, uint32_t count) noexcept {
  // Not run(): a plugin that is gone may still say what is wrong with it.
  Context& context = *static_cast<Context*>(self);
  try {
    observe::Logger& logger = context.ports().logger;
    if (!logger.enabled(level_of(level))) return;
    std::vector<observe::Field> all{{"plugin", context.id()}};
    for (uint32_t i = 0; fields && i < count && i < kFieldsMax; ++i)
      all.emplace_back(view(fields[i].name), view(fields[i].value));
    logger.write(level_of(level), view(event), view(message), all);
  } catch (...) {
    report_internal(context, "logger.write");
  }
}
}  // namespace

gantry_logger logger_table(Context& context) {
  return {sizeof(gantry_logger), &context, enabled, write};
}

}  // namespace gantry::plugins
