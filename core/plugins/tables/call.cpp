#include "core/plugins/tables/call.hpp"

namespace gantry::plugins {

void report_internal(Context& context, std::string_view function) noexcept {
  std::string what = "exception of unknown type";
  try {
    throw;
  } catch (const std::exception& error) {
    what = error.what();
  } catch (...) {  // said above
  }
  context.ports().logger.error("plugin.table_failed", "a function of the host's tables failed",
                               {{"plugin", context.id()}, {"function", function}, {"error", what}});
}

}  // namespace gantry::plugins
