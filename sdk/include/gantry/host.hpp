// Host: the host's interfaces as C++ sees them. A plugin's manifest says which it needs; using one
// that it does not ask for throws Error{kDenied}.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "gantry/abi/clock.h"
#include "gantry/abi/config.h"
#include "gantry/abi/health.h"
#include "gantry/abi/host.h"
#include "gantry/abi/http.h"
#include "gantry/abi/ids.h"
#include "gantry/abi/kv.h"
#include "gantry/abi/log.h"
#include "gantry/abi/logger.h"
#include "gantry/abi/metrics.h"
#include "gantry/abi/services.h"
#include "gantry/abi/sql.h"
#include "gantry/abi/timers.h"
#include "gantry/guard.hpp"
#include "gantry/instant.hpp"
#include "gantry/json.hpp"
#include "gantry/uuid.hpp"

namespace gantry {

enum class Level : uint32_t { trace = 0, debug = 1, info = 2, warn = 3, error = 4 };
using Field = std::pair<std::string_view, std::string_view>;

// A service table on loan; its owner is not stopped while this lives. For one call, not to be kept.
template <class Table>
class Service {
 public:
  Service(const gantry_services& services, std::string_view id) : services_(&services) {
    const void* table = nullptr;
    TextSink why;
    check(services.acquire(services.self, to_abi(id), &table, &lease_, why.abi()), why);
    table_ = static_cast<const Table*>(table);
  }
  ~Service() {
    if (services_) services_->release(services_->self, lease_);
  }
  Service(Service&& other) noexcept
      : services_(std::exchange(other.services_, nullptr)),
        table_(other.table_),
        lease_(other.lease_) {}
  Service& operator=(Service&&) = delete;

  const Table* operator->() const { return table_; }
  void* self() const { return table_->self; }

 private:
  const gantry_services* services_;
  const Table* table_ = nullptr;
  gantry_handle lease_ = 0;
};

template <class A>
class Repository;

class Host {
 public:
  explicit Host(const gantry_host& host)
      : host_(&host),
        http_(find<gantry_http>(GANTRY_HTTP_ID)),
        json_(find<gantry_json>(GANTRY_JSON_ID)),
        log_(find<gantry_log>(GANTRY_LOG_ID)),
        timers_(find<gantry_timers>(GANTRY_TIMERS_ID)),
        sql_(find<gantry_sql>(GANTRY_SQL_ID)),
        config_(find<gantry_config>(GANTRY_CONFIG_ID)),
        clock_(find<gantry_clock>(GANTRY_CLOCK_ID)),
        ids_(find<gantry_ids>(GANTRY_IDS_ID)),
        logger_(find<gantry_logger>(GANTRY_LOGGER_ID)),
        metrics_(find<gantry_metrics>(GANTRY_METRICS_ID)),
        health_(find<gantry_health>(GANTRY_HEALTH_ID)),
        services_(find<gantry_services>(GANTRY_SERVICES_ID)),
        kv_(find<gantry_kv>(GANTRY_KV_ID)) {}

  std::string_view plugin_id() const { return from_abi(host_->plugin_id(host_->self)); }
  std::string_view version() const { return from_abi(host_->version(host_->self)); }

  const gantry_http& http() const { return granted(http_, GANTRY_HTTP_ID); }
  const gantry_json& json() const { return granted(json_, GANTRY_JSON_ID); }
  const gantry_log& log() const { return granted(log_, GANTRY_LOG_ID); }
  const gantry_timers& timers() const { return granted(timers_, GANTRY_TIMERS_ID); }
  const gantry_sql& sql() const { return granted(sql_, GANTRY_SQL_ID); }
  const gantry_health& health() const { return granted(health_, GANTRY_HEALTH_ID); }
  const gantry_kv& kv() const { return granted(kv_, GANTRY_KV_ID); }

  // The plugin's own section, defaults filled in.
  Json config() const {
    const auto& table = granted(config_, GANTRY_CONFIG_ID);
    return {&json(), table.section(table.self)};
  }
  bool has_config() const { return config_ != nullptr; }
  // To the millisecond, as instants are written in events: so a state that was decided on is the
  // one that the log gives back.
  Instant now() const {
    const auto& table = granted(clock_, GANTRY_CLOCK_ID);
    const gantry_time us = table.now(table.self);
    return Instant(us - us % 1000);
  }
  int64_t monotonic_ns() const {
    const auto& table = granted(clock_, GANTRY_CLOCK_ID);
    return table.monotonic_ns(table.self);
  }
  Uuid new_id() const {
    const auto& table = granted(ids_, GANTRY_IDS_ID);
    gantry_uuid id;
    table.uuid7(table.self, &id);
    return Uuid(id);
  }
  void random(std::span<uint8_t> bytes) const {
    const auto& table = granted(ids_, GANTRY_IDS_ID);
    table.random(table.self, bytes.data(), static_cast<uint32_t>(bytes.size()));
  }
  template <class Table>
  Service<Table> service(std::string_view id) const {
    return Service<Table>(granted(services_, GANTRY_SERVICES_ID), id);
  }

  // Defined in gantry/aggregate.hpp.
  template <class A>
  Repository<A>& aggregates() const;

  // One structured line; `event` is a stable dotted name. Nothing when the plugin has no logger.
  // [any]
  void write(Level level, std::string_view event, std::string_view message,
             std::initializer_list<Field> fields = {}) const {
    if (!logger_ || !logger_->enabled(logger_->self, static_cast<uint32_t>(level))) return;
    gantry_log_field raw[16];
    uint32_t count = 0;
    for (const Field& field : fields) {
      if (count == 16) break;
      raw[count++] = {to_abi(field.first), to_abi(field.second)};
    }
    logger_->write(logger_->self, static_cast<uint32_t>(level), to_abi(event), to_abi(message), raw,
                   count);
  }

  // A time series; labels "name=value". Keep the handle.
  gantry_handle series(uint32_t kind, std::string_view name, std::string_view help,
                       std::initializer_list<std::string_view> labels = {}) const {
    const auto& table = granted(metrics_, GANTRY_METRICS_ID);
    gantry_str raw[8];
    uint32_t count = 0;
    for (const auto label : labels) {
      if (count == 8) break;
      raw[count++] = to_abi(label);
    }
    gantry_handle handle = 0;
    check(table.series(table.self, kind, to_abi(name), to_abi(help), raw, count, &handle), name);
    return handle;
  }
  void record(gantry_handle series, double value) const {
    const auto& table = granted(metrics_, GANTRY_METRICS_ID);
    table.record(table.self, series, value);
  }

 private:
  // The one thing of that key, which `make` makes when there is none.
  template <class Make>
  void* kept(const void* key, Make&& make) const {
    const std::lock_guard lock(mutex_);
    std::shared_ptr<void>& one = kept_[key];
    if (!one) one = make();
    return one.get();
  }
  template <class Table>
  const Table* find(std::string_view id) const {
    return static_cast<const Table*>(host_->get(host_->self, to_abi(id)));
  }
  template <class Table>
  static const Table& granted(const Table* table, const char* id) {
    if (!table) throw Error(Code::kDenied, join("plugin.yaml does not ask for ", id));
    return *table;
  }

  const gantry_host* host_;
  const gantry_http* http_;
  const gantry_json* json_;
  const gantry_log* log_;
  const gantry_timers* timers_;
  const gantry_sql* sql_;
  const gantry_config* config_;
  const gantry_clock* clock_;
  const gantry_ids* ids_;
  const gantry_logger* logger_;
  const gantry_metrics* metrics_;
  const gantry_health* health_;
  const gantry_services* services_;
  const gantry_kv* kv_;
  mutable std::mutex mutex_;
  mutable std::map<const void*, std::shared_ptr<void>> kept_;  // guarded by mutex_; by type
};

}  // namespace gantry
