// A database in one SQLite file: one writer and up to readers_max readers.
#pragma once
#include <memory>

#include "core/sql/database.hpp"

namespace gantry::sql {

//   throws  as open_database
std::unique_ptr<Database> open_sqlite_database(const DatabaseOptions& options);

}  // namespace gantry::sql
