// Storage: the logical databases and the event log, opened as the configuration says.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/host/settings.hpp"
#include "core/log/log.hpp"
#include "core/sql/database.hpp"

namespace gantry::host {

using Databases = std::map<std::string, std::unique_ptr<sql::Database>, std::less<>>;

// One sentence for each database that is spoken to without proof of who answers.
std::vector<std::string> storage_warnings(const Settings& settings);

// One sentence for each setting of PostgreSQL because of which events that were acknowledged may be
// gone after a crash; none for a log on SQLite.
//   throws  Unavailable, Exhausted
std::vector<std::string> durability_warnings(sql::Database& events);

// Opens all of them, with the table of checkpoints in each.
//   throws  as sql::open_database and sql::migrate
//   thread  [setup]
Databases open_databases(const Settings& settings);

// Opens the event log.
//   throws  Invalid, Unavailable  as log::open_log
//   thread  [setup]
std::unique_ptr<log::Log> open_log(const Settings& settings, const base::Clock& clock);

// The same settings with every database in a file of `data_dir`: to try plans without touching
// what is in use.
Settings with_scratch_storage(Settings settings);

}  // namespace gantry::host
