// What PostgreSQL's SQLSTATEs mean to a caller of sql::Session.
#pragma once
#include <libpq-fe.h>

#include <string_view>

#include "gantry/error.hpp"

namespace gantry::sql {

//   Conflict     a unique or foreign key, an exclusion, or a CHECK, says no
//   Unavailable  connection lost, shut down, cancelled, time-out, deadlock, out of resources,
//   read-only Invalid      syntax, NOT NULL, wrong type, wrong parameters, no permission Internal
//   the server calls it an error of its own, or damage
Code code_of_sqlstate(std::string_view sqlstate);

// The error with PostgreSQL's own words, for example
// `execute: relation "t" does not exist (42P01)`. Without its DETAIL, which repeats values of rows.
// Without a SQLSTATE it is libpq that speaks: the connection is lost, though libpq may not have
// marked it so yet (a write that failed).
//   result  may be null: then the connection's last words
Error error_of(const PGconn* pg, const PGresult* result, std::string_view doing);

}  // namespace gantry::sql
