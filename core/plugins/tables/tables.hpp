// Tables: the host's side of every interface in gantry/abi, one file each. A table belongs to one
// plugin generation; its `self` is that generation's Context.
#pragma once
#include <string_view>

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

namespace gantry::plugins {

class Context;

gantry_clock clock_table(Context& context);
gantry_config config_table(Context& context);
gantry_health health_table(Context& context);
gantry_http http_table(Context& context);
gantry_ids ids_table(Context& context);
gantry_json json_table(Context& context);
gantry_kv kv_table(Context& context);
gantry_log log_table(Context& context);
gantry_logger logger_table(Context& context);
gantry_metrics metrics_table(Context& context);
gantry_services services_table(Context& context);
gantry_sql sql_table(Context& context);
gantry_timers timers_table(Context& context);

struct Tables {
  gantry_clock clock;
  gantry_config config;
  gantry_health health;
  gantry_http http;
  gantry_ids ids;
  gantry_json json;
  gantry_kv kv;
  gantry_log log;
  gantry_logger logger;
  gantry_metrics metrics;
  gantry_services services;
  gantry_sql sql;
  gantry_timers timers;
};

Tables make_tables(Context& context);
// Null for an id that this host does not have.
const void* find_table(const Tables& tables, std::string_view id);

// A borrowed text of a plugin; a null pointer is the empty text.
inline std::string_view view(gantry_str text) {
  return text.data ? std::string_view(text.data, text.size) : std::string_view();
}

}  // namespace gantry::plugins
