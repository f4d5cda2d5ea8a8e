// copy_tables(): what the log's database holds besides events: timers, answers, snapshots, event
// types, and the checkpoints that lie beside them. A row of the new database that has the same key
// is replaced; others stay.
#pragma once
#include <cstdint>
#include <functional>

#include "core/sql/database.hpp"

namespace gantry::log {

// Page by page; `told` is called after each with the number of rows until then. Only `to` gets the
// table of checkpoints if it has none. Returns the number of rows.
//   throws  as sql::Session, having said at which of the two
uint64_t copy_tables(sql::Database& from, sql::Database& to,
                     const std::function<void(uint64_t)>& told);

}  // namespace gantry::log
