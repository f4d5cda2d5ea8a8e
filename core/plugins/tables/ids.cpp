#include "core/plugins/tables/call.hpp"

namespace gantry::plugins {
namespace {
// Without a source of randomness nothing that follows could be trusted: the process ends (ids.hpp
// throws).
void uuid7(void* self, gantry_uuid* id) noexcept {
  *id = static_cast<Context*>(self)->ports().ids.uuid7().raw();
}
void random(void* self, uint8_t* bytes, uint32_t count) noexcept {
  static_cast<Context*>(self)->ports().ids.random({reinterpret_cast<std::byte*>(bytes), count});
}
}  // namespace

gantry_ids ids_table(Context& context) { return {sizeof(gantry_ids), &context, uuid7, random}; }

}  // namespace gantry::plugins
