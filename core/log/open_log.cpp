#include "core/log/open_log.hpp"

#include "core/log/pg_log.hpp"
#include "core/log/sqlite_log.hpp"
#include "core/sql/pg_url.hpp"

namespace gantry::log {

std::unique_ptr<Engine> open_engine(const LogOptions& options, const base::Clock& clock) {
  const sql::DatabaseOptions& database = options.database;
  if (sql::is_pg_url(database.url)) {
    PgLogOptions pg;
    static_cast<StoredLogOptions&>(pg) = options;
    pg.database = database;
    pg.poll_max = options.poll_max;
    return open_pg_engine(pg, clock);
  }
  SqliteLogOptions sqlite;
  static_cast<StoredLogOptions&>(sqlite) = options;
  sqlite.url = database.url;
  sqlite.data_dir = database.data_dir;
  sqlite.busy_timeout = database.busy_timeout;
  sqlite.synchronous_full = database.synchronous_full;
  return open_sqlite_engine(sqlite, clock);
}

std::unique_ptr<Log> open_log(const LogOptions& options, const base::Clock& clock) {
  return std::make_unique<StoredLog>(open_engine(options, clock), options, clock);
}

}  // namespace gantry::log
