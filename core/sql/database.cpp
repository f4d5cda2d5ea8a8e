// Which engine a URL means.
#include "core/sql/database.hpp"

#include "core/sql/pg_database.hpp"
#include "core/sql/pg_url.hpp"
#include "core/sql/sqlite_database.hpp"

namespace gantry::sql {

std::unique_ptr<Database> open_database(const DatabaseOptions& options) {
  if (is_pg_url(options.url)) return open_pg_database(options);
  return open_sqlite_database(options);
}

}  // namespace gantry::sql
