// The event log in PostgreSQL: shared by any number of processes.
//
// Appends take one advisory lock per log, last, and hold it until the commit: so positions are
// dense, and whoever gets the lock next sees every smaller one (ADR-0004). READ COMMITTED, whatever
// the server's default is: head and versions are read after the lock, in a snapshot that is younger
// than it.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "core/base/clock.hpp"
#include "core/log/stored_log.hpp"
#include "core/sql/database.hpp"

namespace gantry::log {

struct PgLogOptions : StoredLogOptions {
  sql::DatabaseOptions database;
  std::chrono::milliseconds answer_max{
      30000};  // longest silence of the server within one statement
  std::chrono::milliseconds settle_max{
      10000};                               // to find out what became of a commit that was cut off
  std::chrono::milliseconds poll_max{250};  // for events of others, where no notification comes
  // Tests move time by hand; otherwise the database's clock counts, the same for all processes.
  const base::Clock* clock_instead = nullptr;
};

// Opens the log, applying the migrations of "core". `clock` must live longer than the log; its
// monotonic side carries the database's time on between two looks at it.
//   throws Unavailable  the server cannot be reached
//          Invalid      the URL or its transport; the tables are of a newer version (see
//          sql::migrate)
std::unique_ptr<Engine> open_pg_engine(const PgLogOptions& options, const base::Clock& clock);
std::unique_ptr<Log> open_pg_log(const PgLogOptions& options, const base::Clock& clock);

}  // namespace gantry::log
