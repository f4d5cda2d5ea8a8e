// take_place(): who has a log in PostgreSQL. Servers share it; whoever copies has it alone. The
// writing connection has the lock, without which nothing is written; a server's listener, which
// comes back by itself when the database does, has it too.
#pragma once
#include "core/log/pg_link.hpp"
#include "core/log/stored_log.hpp"

namespace gantry::log {

inline constexpr const char* kSharePlace = "SELECT pg_try_advisory_lock_shared(1196183399, 1)";

// On a connection with store_statements().
//   throws  Unavailable  others have it (says who), or a copy into it was not finished
//           Invalid      to be copied from, but a standby: its locks are its own
void take_place(PgLink& link, Use use);

}  // namespace gantry::log
