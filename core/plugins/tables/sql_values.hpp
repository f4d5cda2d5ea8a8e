// SQL values as they cross the boundary.
#pragma once
#include <string_view>

#include "core/sql/session.hpp"
#include "gantry/abi/sql.h"

namespace gantry::plugins {

// Borrows texts and blobs.  throws gantry::Error Invalid: a type that does not exist.
sql::Values sql_values(const gantry_sql_value* values, uint32_t count);
gantry_sql_value raw_value(const sql::Value& value);

// Transactions are made with begin() and commit(), so that the host knows what to roll back.
//   throws  gantry::Error Denied  the statement is BEGIN, COMMIT, END, ROLLBACK, SAVEPOINT,
//   RELEASE,
//                                 ATTACH, DETACH, PRAGMA or VACUUM
void demand_no_transaction_control(std::string_view statement);

}  // namespace gantry::plugins
