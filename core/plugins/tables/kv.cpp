#include "core/plugins/kv_store.hpp"

#include "core/plugins/tables/call.hpp"

namespace gantry::plugins {
namespace {
gantry_rc get(void* self, gantry_str key, const gantry_sink* value) noexcept {
  return call(self, nullptr, "kv.get", [&](Context& context) {
    std::string text;
    const gantry_rc rc = context.ports().kv.get(context.id(), view(key), text);
    if (rc == GANTRY_OK) gantry::detail::say(value, text);
    return rc;
  });
}
gantry_rc put(void* self, gantry_str key, gantry_str value, uint64_t ttl_ms) noexcept {
  return call(self, nullptr, "kv.put", [&](Context& context) {
    return context.ports().kv.put(context.id(), view(key), view(value), ttl_ms);
  });
}
gantry_rc erase(void* self, gantry_str key) noexcept {
  return call(self, nullptr, "kv.erase",
              [&](Context& context) { return context.ports().kv.erase(context.id(), view(key)); });
}
gantry_rc add(void* self, gantry_str key, int64_t delta, uint64_t ttl_ms, int64_t* sum) noexcept {
  return call(self, nullptr, "kv.add", [&](Context& context) {
    int64_t result = 0;
    const gantry_rc rc = context.ports().kv.add(context.id(), view(key), delta, ttl_ms, result);
    if (rc == GANTRY_OK && sum) *sum = result;
    return rc;
  });
}
}  // namespace

gantry_kv kv_table(Context& context) { return {sizeof(gantry_kv), &context, get, put, erase, add}; }

}  // namespace gantry::plugins
