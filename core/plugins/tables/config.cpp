#include "core/plugins/tables/call.hpp"

namespace gantry::plugins {
namespace {
const gantry_json_node* section(void* self) noexcept {
  return static_cast<Context*>(self)->config();
}
}  // namespace

gantry_config config_table(Context& context) { return {sizeof(gantry_config), &context, section}; }

}  // namespace gantry::plugins
