#include "core/host/settings.hpp"

#include <unistd.h>

#include <thread>

#include "core/sql/pg_url.hpp"
#include "gantry/text.hpp"

namespace gantry::host {
namespace {

// Reads one section; the schema has checked types and bounds, so a missing value is a mistake of
// ours.
class Section {
 public:
  Section(const config::Node& root, std::string name) : root_(root), name_(std::move(name)) {}

  uint32_t u32(std::string_view key) const {
    return static_cast<uint32_t>(value(key).integer().value_or(0));
  }
  uint64_t u64(std::string_view key) const {
    return static_cast<uint64_t>(value(key).integer().value_or(0));
  }
  std::chrono::milliseconds ms(std::string_view key) const {
    return std::chrono::milliseconds(u64(key));
  }
  bool yes(std::string_view key) const { return value(key).boolean().value_or(false); }
  std::string text(std::string_view key) const {
    return std::string(value(key).text().value_or(""));
  }

 private:
  const config::Node& value(std::string_view key) const {
    const config::Node* node = root_.find(join(name_, ".", key));
    if (!node)
      throw Error(Code::kInternal, join("the schema has no default for ", name_, ".", key));
    return *node;
  }
  const config::Node& root_;
  std::string name_;
};

http::Limits http_limits(const Section& http) {
  http::Limits limits;
  limits.connections_max = http.u32("connections_max");
  limits.connections_per_address_max = http.u32("connections_per_address_max");
  limits.request_line_bytes_max = http.u32("request_line_bytes_max");
  limits.header_bytes_max = http.u32("header_bytes_max");
  limits.headers_max = http.u32("headers_max");
  limits.body_bytes_max = http.u64("body_bytes_max");
  limits.header_timeout_ms = http.u32("header_timeout_ms");
  limits.body_timeout_ms = http.u32("body_timeout_ms");
  limits.body_rate_min_bytes_per_s = http.u32("body_rate_min_bytes_per_s");
  limits.body_rate_grace_ms = http.u32("body_rate_grace_ms");
  limits.handler_timeout_ms = http.u32("handler_timeout_ms");
  limits.write_stall_timeout_ms = http.u32("write_stall_timeout_ms");
  limits.keep_alive_timeout_ms = http.u32("keep_alive_timeout_ms");
  limits.requests_per_connection_max = http.u32("requests_per_connection_max");
  limits.pipeline_bytes_max = http.u32("pipeline_bytes_max");
  limits.stream_buffer_bytes_max = http.u32("stream_buffer_bytes_max");
  return limits;
}

log::Limits log_limits(const Section& log) {
  log::Limits limits;
  limits.append_batch_max = log.u32("append_batch_max");
  limits.append_queue_max = log.u32("append_queue_max");
  limits.append_events_max = log.u32("append_events_max");
  limits.event_bytes_max = log.u32("event_bytes_max");
  limits.tail_ring_events_max = log.u32("tail_ring_events_max");
  limits.read_page_events_max = log.u32("read_page_events_max");
  return limits;
}

consume::Limits consume_limits(const Section& consume) {
  consume::Limits limits;
  limits.batch_events_max = consume.u32("batch_events_max");
  limits.batch_ms_max = consume.u32("batch_ms_max");
  limits.retry_initial_ms = consume.u32("retry_initial_ms");
  limits.retry_max_ms = consume.u32("retry_max_ms");
  limits.lanes = consume.u32("lanes");
  limits.lane_queue_max = consume.u32("lane_queue_max");
  limits.threads = consume.u32("threads");
  limits.lease_ms = consume.u32("lease_ms");
  limits.standby_poll_ms = consume.u32("standby_poll_ms");
  limits.standby_follow_ms = consume.u32("standby_follow_ms");
  return limits;
}

pipeline::PipelineOptions pipeline_options(const config::Node& root) {
  const Section http(root, "http"), json(root, "json"), keys(root, "idempotency"),
      consume(root, "consume");
  pipeline::PipelineOptions options;
  options.body_bytes_max = http.u64("body_bytes_max");
  options.stream_buffer_bytes_max = http.u64("stream_buffer_bytes_max");
  options.min_position_wait_ms_max = consume.u32("min_position_wait_ms_max");
  options.json.depth_max = json.u32("depth_max");
  options.json.members_max = json.u32("members_max");
  options.json.string_bytes_max = json.u32("string_bytes_max");
  options.idempotency.keep_hours = keys.u32("keep_hours");
  options.idempotency.answer_bytes_max = keys.u32("answer_bytes_max");
  return options;
}

runtime::WorkersOptions worker_options(const Section& workers) {
  runtime::WorkersOptions options;
  options.threads = workers.u32("threads");
  if (options.threads == 0) options.threads = 4 * std::max(1u, std::thread::hardware_concurrency());
  options.queue_max = workers.u32("queue_max");
  options.queue_wait_ms_max = workers.u32("queue_wait_ms_max");
  return options;
}

sql::DatabaseOptions sqlite_options(const Section& sqlite) {
  sql::DatabaseOptions options;
  options.readers_max = sqlite.u32("readers_max");
  options.busy_timeout = sqlite.ms("busy_timeout_ms");
  options.synchronous_full = sqlite.text("synchronous") == "full";
  return options;
}

sql::DatabaseOptions pg_options(const Section& postgresql) {
  sql::DatabaseOptions options;
  options.readers_max = postgresql.u32("readers_max");
  options.writers_max = postgresql.u32("writers_max");
  options.wait_max = postgresql.ms("wait_max_ms");
  options.asks.connections = postgresql.u32("ask_connections");
  sql::PgOptions& pg = options.postgresql;
  pg.insecure_transport = postgresql.yes("insecure_transport");
  pg.connect_timeout = postgresql.ms("connect_timeout_ms");
  pg.statement_timeout = postgresql.ms("statement_timeout_ms");
  pg.lock_timeout = postgresql.ms("lock_timeout_ms");
  pg.idle_in_transaction_timeout = postgresql.ms("idle_in_transaction_timeout_ms");
  pg.append_idle_timeout = postgresql.ms("append_idle_timeout_ms");
  pg.keepalive_idle = std::chrono::seconds(postgresql.u32("keepalive_idle_s"));
  pg.keepalive_interval = std::chrono::seconds(postgresql.u32("keepalive_interval_s"));
  pg.keepalive_count = postgresql.u32("keepalive_count");
  pg.tcp_user_timeout = postgresql.ms("tcp_user_timeout_ms");
  return options;
}

// "<host>:<process id>": tells the lines of several servers apart.
std::string instance_name() {
  char name[256] = {};
  if (::gethostname(name, sizeof name - 1) != 0) name[0] = '\0';
  return join(std::string_view(name), ":", ::getpid());
}

observe::LogStreamOptions logging_options(const Section& logging) {
  observe::LogStreamOptions options;
  options.level = observe::level_of(logging.text("level")).value_or(observe::Level::kInfo);
  const std::string format = logging.text("format");
  options.format = format == "json"     ? observe::LogFormat::kJson
                   : format == "pretty" ? observe::LogFormat::kPretty
                                        : observe::LogFormat::kAuto;
  options.queue_max = logging.u32("queue_max");
  options.line.version = GANTRY_VERSION;
  options.line.instance = instance_name();
  return options;
}

}  // namespace

Settings settings_of(const config::Node& root, const std::string& data_dir) {
  const Section http(root, "http"), storage(root, "storage"), sqlite(root, "storage.sqlite"),
      timers(root, "timers"), shutdown(root, "shutdown"), loader(root, "loader");
  Settings settings;
  settings.listen = http.text("listen");
  settings.loops = http.u32("loops");
  settings.http = http_limits(http);
  settings.drain_timeout_ms = shutdown.u32("drain_timeout_ms");
  settings.shutdown_delay_ms = shutdown.u32("delay_ms");
  settings.plugin_drain_timeout_ms = loader.u32("drain_timeout_ms");
  settings.allow_draft = loader.yes("allow_draft");
  settings.workers = worker_options(Section(root, "workers"));
  settings.pipeline = pipeline_options(root);
  settings.logging = logging_options(Section(root, "logging"));
  settings.consume = consume_limits(Section(root, "consume"));

  settings.log.limits = log_limits(Section(root, "log"));
  settings.validate_events = Section(root, "log").text("validate_events") == "always";
  settings.log.timer_batch_max = timers.u32("batch_max");
  for (const char* name : {"events", "projections", "auth"}) {
    const std::string url = storage.text(name);
    sql::DatabaseOptions options = sql::is_pg_url(url)
                                       ? pg_options(Section(root, "storage.postgresql"))
                                       : sqlite_options(sqlite);
    options.name = name;
    options.asks.asks_max = storage.u32("asks_max");
    options.asks.timeout = storage.ms("ask_timeout_ms");
    options.url = url;
    options.data_dir = data_dir;
    settings.databases.emplace(name, options);
  }
  settings.log.readers_max = settings.databases.at("events").readers_max;
  if (const config::Node* chains = root.find("chains")) {
    for (const auto& chain : chains->members()) {
      auto& names = settings.chains[chain.key];
      for (const config::Node& name : chain.value.items())
        names.emplace_back(name.text().value_or(""));
    }
  }
  return settings;
}

}  // namespace gantry::host
