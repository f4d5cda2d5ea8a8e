#include "core/plugins/tables/call.hpp"

namespace gantry::plugins {
namespace {
constexpr uint32_t kLabelsMax = 16;

gantry_rc series(void* self, uint32_t kind, gantry_str name, gantry_str help,
                 const gantry_str* labels, uint32_t count, gantry_handle* handle) noexcept {
  return call(self, nullptr, "metrics.series", [&](Context& context) -> gantry_rc {
    if (count > kLabelsMax) return GANTRY_INVALID;
    observe::Labels all;
    for (uint32_t i = 0; i < count; ++i) {
      const std::string_view pair = view(labels[i]);
      const auto equals = pair.find('=');
      if (equals == std::string_view::npos || equals == 0) return GANTRY_INVALID;
      const bool first =
          all.emplace(std::string(pair.substr(0, equals)), std::string(pair.substr(equals + 1)))
              .second;
      if (!first) return GANTRY_INVALID;
    }
    *handle = context.series().series(kind, std::string(view(name)), std::string(view(help)),
                                      std::move(all));
    return GANTRY_OK;
  });
}

void record(void* self, gantry_handle handle, double value) noexcept {
  static_cast<Context*>(self)->series().record(handle, value);
}
}  // namespace

gantry_metrics metrics_table(Context& context) {
  return {sizeof(gantry_metrics), &context, series, record};
}

}  // namespace gantry::plugins
