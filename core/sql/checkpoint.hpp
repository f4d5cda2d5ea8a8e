// The table es_checkpoint, which every logical database with read models gets: how far each
// consumer is, in the database of the rows it protects. Apply with migrate(session, "checkpoint",
// checkpoint_migrations(database.engine())).
#pragma once
#include <string_view>
#include <vector>

#include "core/sql/migrations.hpp"

namespace gantry::sql {

//   engine  as Database::engine()
//   throws  Invalid  unknown engine
std::vector<Migration> checkpoint_migrations(std::string_view engine);

}  // namespace gantry::sql
