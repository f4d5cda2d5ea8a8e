#include "core/plugins/interfaces.hpp"

#include <array>

#include "gantry/abi/clock.h"
#include "gantry/abi/config.h"
#include "gantry/abi/health.h"
#include "gantry/abi/http.h"
#include "gantry/abi/ids.h"
#include "gantry/abi/json.h"
#include "gantry/abi/kv.h"
#include "gantry/abi/log.h"
#include "gantry/abi/logger.h"
#include "gantry/abi/metrics.h"
#include "gantry/abi/services.h"
#include "gantry/abi/sql.h"
#include "gantry/abi/timers.h"
#include "gantry/text.hpp"

namespace gantry::plugins {
namespace {
constexpr std::array kInterfaces{
    Interface{GANTRY_CLOCK_ID, sizeof(gantry_clock)},
    Interface{GANTRY_CONFIG_ID, sizeof(gantry_config)},
    Interface{GANTRY_HEALTH_ID, sizeof(gantry_health)},
    Interface{GANTRY_HTTP_ID, sizeof(gantry_http)},
    Interface{GANTRY_IDS_ID, sizeof(gantry_ids)},
    Interface{GANTRY_JSON_ID, sizeof(gantry_json)},
    Interface{GANTRY_KV_ID, sizeof(gantry_kv)},
    Interface{GANTRY_LOG_ID, sizeof(gantry_log)},
    Interface{GANTRY_LOGGER_ID, sizeof(gantry_logger)},
    Interface{GANTRY_METRICS_ID, sizeof(gantry_metrics)},
    Interface{GANTRY_SERVICES_ID, sizeof(gantry_services)},
    Interface{GANTRY_SQL_ID, sizeof(gantry_sql)},
    Interface{GANTRY_TIMERS_ID, sizeof(gantry_timers)},
};

std::string all_ids() {
  std::string text;
  for (const Interface& one : kInterfaces) text += (text.empty() ? "" : ", ") + std::string(one.id);
  return text;
}
}  // namespace

std::span<const Interface> interfaces() { return kInterfaces; }

const Interface* find_interface(std::string_view id) {
  for (const Interface& one : kInterfaces) {
    if (one.id == id) return &one;
  }
  return nullptr;
}

std::string interface_refusal(const Manifest& manifest, std::string_view host_version,
                              bool allow_draft) {
  for (const InterfaceNeed& need : manifest.needs) {
    const Interface* have = find_interface(need.id);
    if (!have) {
      return join("needs ", need.id, ", which this host ", host_version,
                  " does not have; use a newer host or one of: ", all_ids());
    }
    if (need.size > have->size) {
      return join("needs ", need.id, " with at least ", need.size, " bytes, this host ",
                  host_version, " has ", have->size, "; use a newer host");
    }
    if (have->draft && !manifest.draft)
      return join("needs ", need.id, ", which is a draft; say draft: true in plugin.yaml");
  }
  if (manifest.draft && !allow_draft)
    return "uses draft interfaces; set allow_draft: true for it in the configuration";
  return {};
}

}  // namespace gantry::plugins
