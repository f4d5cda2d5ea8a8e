// The tables of a log, before it is opened; and the mark of a copy that is not finished.
#pragma once
#include <memory>
#include <string_view>

#include "core/log/stored_log.hpp"
#include "core/sql/database.hpp"

namespace gantry::log {

// Opens the database and brings the log's tables up to date; for kCopyFrom, looks at them only.
//   throws  as sql::open_database and sql::migrate
//           Invalid  kCopyFrom: there is no event log, or one of an older version
std::unique_ptr<sql::Database> open_tables(sql::DatabaseOptions options, Use use);

// The mark is the log's name: a copy that is not finished looks like a log that is shorter.
inline constexpr std::string_view kWhole = "default", kUnfinished = "copying";
std::string name_of_log(sql::Session& session);
void name_log(sql::Session& session, std::string_view name);
void refuse_unfinished(std::string_view name);  // throws Unavailable

}  // namespace gantry::log
