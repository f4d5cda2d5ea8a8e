#include "core/host/storage.hpp"

#include "core/config/quote.hpp"
#include "core/sql/checkpoint.hpp"
#include "core/sql/migrations.hpp"
#include "core/sql/pg_url.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::host {
namespace {

// Empty: nothing is wrong.
std::string fault_of(const sql::DatabaseOptions& options) {
  if (!sql::is_pg_url(options.url)) return {};
  try {
    return sql::PgUrl(options.url).transport_fault(options.postgresql);
  } catch (const Error& error) {
    return error.detail();
  }
}

}  // namespace

std::vector<config::Fault> storage_faults(const config::Node& root) {
  std::vector<config::Fault> faults;
  for (const auto& [name, options] : settings_of(root, "").databases) {
    const std::string path = join("storage.", name);
    const std::string fault = fault_of(options);
    if (!fault.empty()) faults.push_back({root.find(path)->mark(), path, fault});
  }
  return faults;
}

std::vector<std::string> storage_warnings(const Settings& settings) {
  std::vector<std::string> warnings;
  for (const auto& [name, options] : settings.databases) {
    if (!sql::is_pg_url(options.url) || sql::PgUrl(options.url).is_verified(options.postgresql))
      continue;
    warnings.push_back(join("storage.", name, " (", config::redacted(options.url),
                            ") is spoken to without proof of who answers, because "
                            "storage.postgresql.insecure_transport is on"));
  }
  return warnings;
}

Databases open_databases(const Settings& settings) {
  Databases databases;
  for (const auto& [name, options] : settings.databases) {
    auto database = sql::open_database(options);
    const sql::Lease session = database->writer();
    sql::migrate(*session, "checkpoint", sql::checkpoint_migrations(database->engine()));
    databases.emplace(name, std::move(database));
  }
  return databases;
}

std::unique_ptr<log::Log> open_log(const Settings& settings, const base::Clock& clock) {
  log::LogOptions options = settings.log;
  options.database = settings.databases.at("events");
  return log::open_log(options, clock);
}

Settings with_scratch_storage(Settings settings) {
  for (auto& [name, options] : settings.databases) options.url = join("sqlite:", name, ".db");
  return settings;
}

}  // namespace gantry::host
