#include "core/plugins/tables/tables.hpp"

namespace gantry::plugins {

Tables make_tables(Context& context) {
  return Tables{clock_table(context),   config_table(context),   health_table(context),
                http_table(context),    ids_table(context),      json_table(context),
                kv_table(context),      log_table(context),      logger_table(context),
                metrics_table(context), services_table(context), sql_table(context),
                timers_table(context)};
}

const void* find_table(const Tables& tables, std::string_view id) {
  if (id == GANTRY_CLOCK_ID) return &tables.clock;
  if (id == GANTRY_CONFIG_ID) return &tables.config;
  if (id == GANTRY_HEALTH_ID) return &tables.health;
  if (id == GANTRY_HTTP_ID) return &tables.http;
  if (id == GANTRY_IDS_ID) return &tables.ids;
  if (id == GANTRY_JSON_ID) return &tables.json;
  if (id == GANTRY_KV_ID) return &tables.kv;
  if (id == GANTRY_LOG_ID) return &tables.log;
  if (id == GANTRY_LOGGER_ID) return &tables.logger;
  if (id == GANTRY_METRICS_ID) return &tables.metrics;
  if (id == GANTRY_SERVICES_ID) return &tables.services;
  if (id == GANTRY_SQL_ID) return &tables.sql;
  if (id == GANTRY_TIMERS_ID) return &tables.timers;
  return nullptr;
}

}  // namespace gantry::plugins
