// A database on a PostgreSQL server: up to writers_max writers and readers_max readers.
#pragma once
#include <memory>

#include "core/sql/database.hpp"

namespace gantry::sql {

// Connects once, to say now if that is impossible. After a restart of the server, sessions that
// were idle are replaced when they are next asked for.
//   throws  as open_database; Invalid also for a transport that the options do not allow and for
//   an encoding other than UTF8
std::unique_ptr<Database> open_pg_database(const DatabaseOptions& options);

}  // namespace gantry::sql
