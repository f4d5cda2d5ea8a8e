// Ports: what the tables given to plugins stand on. Everything referred to outlives every plugin.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/base/clock.hpp"
#include "core/base/ids.hpp"
#include "core/base/json.hpp"
#include "core/log/event_types.hpp"
#include "core/log/log.hpp"
#include "core/observe/log.hpp"
#include "core/observe/metrics.hpp"
#include "core/pipeline/exchanges.hpp"
#include "core/plugins/open_units.hpp"
#include "core/sql/database.hpp"

namespace gantry::plugins {

class Askers;
class HealthBoard;
class KvStore;
class ServiceDirectory;

// How many things one plugin may hold open at once; beyond: GANTRY_EXHAUSTED.
struct HandleBounds {
  uint32_t units_max = 8192;
  uint32_t sessions_max = 64;
  uint32_t documents_max = 4096;
  uint32_t leases_max = 4096;
  uint32_t series_max = 1024;  // of metrics, for ever
};

struct Ports {
  std::string host_version;
  base::Clock& clock;
  base::Ids& ids;
  observe::Logger& logger;
  observe::Metrics& metrics;
  log::Log& log;
  log::Limits log_limits;
  log::EventTypes& event_types;
  pipeline::Exchanges& exchanges;
  std::map<std::string, sql::Database*> databases;  // by logical name: "projections", "auth"
  KvStore& kv;
  HealthBoard& health;
  ServiceDirectory& services;
  base::JsonBounds json;
  HandleBounds bounds;
  Askers* askers = nullptr;  // null: no event loop, so that nobody asks
  std::shared_ptr<OpenUnits> units = std::make_shared<OpenUnits>();  // one for all copies of this
};

}  // namespace gantry::plugins
