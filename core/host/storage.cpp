#include "core/host/storage.hpp"

#include "core/config/quote.hpp"
#include "core/sql/checkpoint.hpp"
#include "core/sql/migrations.hpp"
#include "core/sql/pg_url.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::host {
namespace {

// What the sessions of the log have, whoever set it: the server, the database, the role or the URL.
struct Durability {
  std::string commit, standbys, fsync, full_pages;
};

Durability durability_of(sql::Database& database) {
  Durability found;
  database.writer()->query(
      "SELECT current_setting('synchronous_commit'), current_setting('synchronous_standby_names'),"
      " current_setting('fsync'), current_setting('full_page_writes')",
      {},
      [&](const sql::Row& row) {
        const auto text = [&](size_t i) { return std::string(std::get<std::string_view>(row[i])); };
        found = {text(0), text(1), text(2), text(3)};
        return true;
      },
      1);
  return found;
}

}  // namespace

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

std::vector<std::string> durability_warnings(sql::Database& events) {
  if (events.engine() != "postgresql") return {};
  const Durability now = durability_of(events);
  std::vector<std::string> warnings;
  const auto warn = [&](std::string_view setting, std::string_view value, std::string_view what) {
    warnings.push_back(join("storage.events: ", setting, " is ", value, ": ", what));
  };
  if (now.commit == "off")
    warn("synchronous_commit", now.commit,
         "a crash of PostgreSQL can take the last events that clients were told of");
  if (!now.standbys.empty() && (now.commit == "local" || now.commit == "remote_write"))
    warn("synchronous_commit", now.commit,
         "a fail-over to the standby can lose events that clients were told of");
  if (now.fsync == "off" || now.full_pages == "off")
    warn(now.fsync == "off" ? "fsync" : "full_page_writes", "off",
         "a crash of its machine can take events that clients were told of, or damage the log");
  return warnings;
}

Databases open_databases(const Settings& settings) {
  Databases databases;
  for (const auto& [name, options] : settings.databases) {
    try {
      auto database = sql::open_database(options);
      const sql::Lease session = database->writer();
      sql::migrate(*session, "checkpoint", sql::checkpoint_migrations(database->engine()));
      databases.emplace(name, std::move(database));
    } catch (const Error& error) {
      const bool anew = name == "projections" && error.code() == Code::kInternal &&
                        options.url != settings.databases.at("events").url;
      throw Error(
          error.code(),
          join("storage.", name, ": ", error.detail(),
               anew ? "; delete that file: the read models are made anew from the log" : ""));
    }
  }
  return databases;
}

std::unique_ptr<log::Log> open_log(const Settings& settings, const base::Clock& clock) {
  log::LogOptions options = settings.log;
  options.database = settings.databases.at("events");
  try {
    return log::open_log(options, clock);
  } catch (const Error& error) {
    throw Error(error.code(), join("storage.events: ", error.detail()));
  }
}

Settings with_scratch_storage(Settings settings) {
  for (auto& [name, options] : settings.databases) options.url = join("sqlite:", name, ".db");
  return settings;
}

}  // namespace gantry::host
