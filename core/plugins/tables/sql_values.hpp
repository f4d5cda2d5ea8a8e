// SQL values as they cross the boundary.
#pragma once
#include <string_view>

#include "core/sql/session.hpp"
#include "gantry/abi/sql.h"

namespace gantry::plugins {

// Borrows texts and blobs.  throws gantry::Error Invalid: a type that does not exist.
sql::Values sql_values(const gantry_sql_value* values, uint32_t count);
gantry_sql_value raw_value(const sql::Value& value);

// Transactions are made with begin() and commit(), so that the host knows what to roll back; and a
// session goes on to somebody else, who must not find its settings changed.
//   throws  gantry::Error Denied  the statement is BEGIN, COMMIT, ROLLBACK, SAVEPOINT, SET, LISTEN,
//                                 COPY, ATTACH, PRAGMA, VACUUM or one of their kind
void demand_no_transaction_control(std::string_view statement);

}  // namespace gantry::plugins
