// Which engine carries the log: the one its URL names.
#pragma once
#include <memory>

#include "core/base/clock.hpp"
#include "core/log/stored_log.hpp"
#include "core/sql/database.hpp"

namespace gantry::log {

struct LogOptions : StoredLogOptions {
  sql::DatabaseOptions database;            // "events": its URL, and what each engine wants to know
  std::chrono::milliseconds poll_max{250};  // PostgreSQL: a look for events of other instances
};

// As open_sqlite_log() and open_pg_log().
std::unique_ptr<Log> open_log(const LogOptions& options, const base::Clock& clock);
// The engine alone, for those who move whole logs.
std::unique_ptr<Engine> open_engine(const LogOptions& options, const base::Clock& clock);

}  // namespace gantry::log
