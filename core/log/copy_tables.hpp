// copy_tables(): what the log's database holds besides events: timers, answers, snapshots, event
// types, and the checkpoints that lie beside them. A row of the new database that has the same key
// is replaced; others stay.
#pragma once
#include <cstdint>

#include "core/sql/database.hpp"

namespace gantry::log {

// Each table in one transaction. Only `to` gets the table of checkpoints if it has none. Returns
// the number of rows.
//   throws  as sql::Session
uint64_t copy_tables(sql::Database& from, sql::Database& to);

}  // namespace gantry::log
