#include "core/config/similar.hpp"

#include <gtest/gtest.h>

#include "core/config/host_schema.hpp"
#include "tests/unit/config/sources.hpp"

namespace gantry::config {
namespace {

// What people type, and the key of the section they mean.
struct Typo {
  const char* section;
  const char* typed;
  const char* meant;
};

const Typo kTypos[] = {
    {"", "htpp", "http"},
    {"", "https", "http"},
    {"", "HTTP", "http"},
    {"", "worker", "workers"},
    {"", "wokers", "workers"},
    {"", "shutdwon", "shutdown"},
    {"", "shut_down", "shutdown"},
    {"", "storge", "storage"},
    {"", "storages", "storage"},
    {"", "loging", "logging"},
    {"", "loggin", "logging"},
    {"", "consumer", "consume"},
    {"", "timer", "timers"},
    {"", "idempotentcy", "idempotency"},
    {"", "chain", "chains"},
    {"", "pluggins", "plugins"},
    {"", "plugin", "plugins"},
    {"", "laoder", "loader"},
    {"", "jsn", "json"},
    {"http", "lissten", "listen"},
    {"http", "listne", "listen"},
    {"http", "Listen", "listen"},
    {"http", "listen_address", "listen"},
    {"http", "loop", "loops"},
    {"http", "max_connections", "connections_max"},
    {"http", "connection_max", "connections_max"},
    {"http", "connectionsMax", "connections_max"},
    {"http", "connections_per_adress_max", "connections_per_address_max"},
    {"http", "connections-per-address-max", "connections_per_address_max"},
    {"http", "header_max", "headers_max"},
    {"http", "header_byte_max", "header_bytes_max"},
    {"http", "body_max_bytes", "body_bytes_max"},
    {"http", "max_body_bytes", "body_bytes_max"},
    {"http", "bodyBytesMax", "body_bytes_max"},
    {"http", "body_byts_max", "body_bytes_max"},
    {"http", "header_timeout", "header_timeout_ms"},
    {"http", "body_timeout", "body_timeout_ms"},
    {"http", "handler_timout_ms", "handler_timeout_ms"},
    {"http", "handler_time_out_ms", "handler_timeout_ms"},
    {"http", "keepalive_timeout_ms", "keep_alive_timeout_ms"},
    {"http", "keep_alive_timeout", "keep_alive_timeout_ms"},
    {"http", "trustet_proxies", "trusted_proxies"},
    {"http", "trusted_proxy", "trusted_proxies"},
    {"http", "proxies_trusted", "trusted_proxies"},
    {"http", "requests_per_connection", "requests_per_connection_max"},
    {"http", "write_stal_timeout_ms", "write_stall_timeout_ms"},
    {"http", "stream_bufer_bytes_max", "stream_buffer_bytes_max"},
    {"http", "pipeline_byte_max", "pipeline_bytes_max"},
    {"workers", "thread", "threads"},
    {"workers", "treads", "threads"},
    {"workers", "queue_size_max", "queue_max"},
    {"workers", "max_queue", "queue_max"},
    {"workers", "queue_wait_max_ms", "queue_wait_ms_max"},
    {"storage", "event", "events"},
    {"storage", "projection", "projections"},
    {"storage", "projektions", "projections"},
    {"storage", "sqllite", "sqlite"},
    {"storage", "SQLite", "sqlite"},
    {"log", "append_bacth_max", "append_batch_max"},
    {"log", "events_bytes_max", "event_bytes_max"},
    {"log", "tail_ring_event_max", "tail_ring_events_max"},
    {"consume", "lane", "lanes"},
    {"consume", "retry_inital_ms", "retry_initial_ms"},
    {"consume", "retries_max_ms", "retry_max_ms"},
    {"logging", "levle", "level"},
    {"logging", "fromat", "format"},
    {"logging", "log_level", "level"},
    {"loader", "directorys", "directories"},
    {"loader", "alow_draft", "allow_draft"},
    {"loader", "allow_drafts", "allow_draft"},
    {"loader", "quarantaine", "quarantine"},
    {"loader", "service_timeout_ms", "start_timeout_ms"},
};

std::vector<std::string_view> keys_of(const Schema& schema, std::string_view section) {
  const Rule* rule = section.empty() ? &schema.root() : schema.find(section);
  std::vector<std::string_view> keys;
  for (const auto& property : rule->properties) keys.push_back(property.name);
  return keys;
}

TEST(DidYouMean, IsRightForAtLeast95PercentOfWhatPeopleType) {
  const Schema schema = schema_of(std::string(host_schema()));
  size_t right = 0;
  std::string wrong;
  for (const auto& [section, typed, meant] : kTypos) {
    const auto keys = keys_of(schema, section);
    const auto match = nearest(typed, keys);
    right += match == meant ? 1 : 0;
    wrong += match == meant
                 ? ""
                 : std::string(typed) + " -> " + std::string(match.value_or("(nothing)")) + "\n";
  }
  EXPECT_GE(static_cast<double>(right) / std::size(kTypos), 0.95) << wrong;
}

TEST(DidYouMean, StaysSilentWhenNothingIsNear) {
  const Schema schema = schema_of(std::string(host_schema()));
  for (const char* typed :
       {"tls", "database", "kafka", "metrics", "x", "cors", "redis", "email", ""}) {
    EXPECT_EQ(did_you_mean(typed, keys_of(schema, "")), "") << typed;
  }
  for (const char* typed : {"certificate", "port", "host", "gzip", "static_files", "cors"}) {
    EXPECT_EQ(did_you_mean(typed, keys_of(schema, "http")), "") << typed;
  }
  EXPECT_EQ(did_you_mean(std::string(10'000, 'l'), {"listen"}), "");
}

TEST(EditDistance, CountsInsertDeleteReplaceAndSwapAsOne) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("listen", "lissten"), 1U);
  EXPECT_EQ(edit_distance("listen", "lsten"), 1U);
  EXPECT_EQ(edit_distance("listen", "lixten"), 1U);
  EXPECT_EQ(edit_distance("listen", "lisetn"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

}  // namespace
}  // namespace gantry::config
