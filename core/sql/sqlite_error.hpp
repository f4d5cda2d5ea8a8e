// What SQLite's result codes mean to a caller of sql::Session.
#pragma once
#include <string_view>

#include "gantry/error.hpp"

struct sqlite3;

namespace gantry::sql {

//   Conflict     a unique or foreign key, or a CHECK, says no
//   Unavailable  busy, locked, full, I/O error, cannot open, no memory
//   Invalid      syntax, NOT NULL, wrong type, wrong parameters
//   Internal     the file is damaged or not a database
Code code_of(int sqlite_rc);

// The error with SQLite's own words, for example "prepare: near "SELEC": syntax error".
Error error_of(sqlite3* db, int sqlite_rc, std::string_view doing);

}  // namespace gantry::sql
