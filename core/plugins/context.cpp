#include "core/plugins/context.hpp"

#include "gantry/error.hpp"
#include "gantry/guard.hpp"
#include "gantry/text.hpp"

namespace gantry::plugins {
namespace {
const void* get(void* self, gantry_str id) noexcept {
  return static_cast<const Context*>(self)->table(view(id));
}
gantry_str plugin_id(void* self) noexcept {
  return to_abi(static_cast<const Context*>(self)->id());
}
gantry_str version(void* self) noexcept {
  return to_abi(static_cast<const Context*>(self)->ports().host_version);
}
}  // namespace

Context::Context(const Ports& ports, const Manifest& manifest, std::string_view config,
                 SeriesTable& series)
    : units(*ports.units),
      sessions(HandleKind::kSession, ports.bounds.sessions_max),
      documents(HandleKind::kDocument, ports.bounds.documents_max),
      leases(HandleKind::kLease, ports.bounds.leases_max),
      ports_(ports),
      manifest_(manifest),
      series_(series),
      tables_(make_tables(*this)),
      host_{sizeof(gantry_host), this, get, plugin_id, version} {
  config_ = std::make_unique<base::JsonDocument>(ports.json);
  if (!config_->parse(config) || base::json::type(config_->root()) != GANTRY_JSON_OBJECT)
    throw Error(Code::kInvalid, join("its configuration is no JSON object: ", config_->error()));
  section_.store(config_->root(), std::memory_order_release);
}

Context::~Context() { close(); }

const void* Context::table(std::string_view interface) const {
  return manifest_.asks_for(interface) ? find_table(tables_, interface) : nullptr;
}

size_t Context::close() {
  open_.store(false, std::memory_order_release);
  section_.store(nullptr, std::memory_order_release);
  config_.reset();
  size_t left = units.drop_all(*this) + sessions.take_all().size() + documents.take_all().size();
  for (const auto& lease : leases.take_all()) {
    lease->holders->leave();
    ++left;
  }
  return left;
}

}  // namespace gantry::plugins
