#include "core/verify/database.hpp"

namespace gantry::verify {

std::unique_ptr<Database> open_database(const std::string& url) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (url.starts_with(kSqlite)) return open_sqlite(url.substr(kSqlite.size()));
  constexpr std::string_view kConninfo = "conninfo:";  // libpq's own form, from `gantry log verify`
  if (url.starts_with(kConninfo)) return open_postgresql(url.substr(kConninfo.size()));
  if (url.starts_with("postgresql:") || url.starts_with("postgres:")) return open_postgresql(url);
  throw CannotRead("'" + url.substr(0, url.find(':')) +
                   "' is no known database; use sqlite:<file> or postgresql://…");
}

}  // namespace gantry::verify
