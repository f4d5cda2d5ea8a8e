#include "core/sql/pg_error.hpp"

#include <string>

#include "gantry/text.hpp"

namespace gantry::sql {
namespace {

std::string_view field(const PGresult* result, int code) {
  const char* text = result == nullptr ? nullptr : PQresultErrorField(result, code);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

std::string_view first_line(std::string_view words) { return words.substr(0, words.find('\n')); }

// What to do about it, where the words alone do not say.
std::string_view advice(std::string_view sqlstate, std::string_view words) {
  if (sqlstate == "42501" && words.starts_with("permission denied for schema"))
    return "; make the role the owner of the database, or grant it CREATE on the schema";
  return {};
}

}  // namespace

Code code_of_sqlstate(std::string_view sqlstate) {
  if (sqlstate == "23502") return Code::kInvalid;                             // NOT NULL
  if (sqlstate == "55P03" || sqlstate == "55006") return Code::kUnavailable;  // lock, in use
  if (sqlstate == "25006") return Code::kUnavailable;  // read only: a standby, or about to be one
  if (sqlstate == "25P03") return Code::kUnavailable;  // too long idle in a transaction
  const std::string_view family = sqlstate.substr(0, 2);
  if (family == "23") return Code::kConflict;
  for (const std::string_view away : {"08", "28", "3D", "40", "53", "57", "58"}) {
    if (family == away) return Code::kUnavailable;
  }
  return family == "XX" || family == "F0" ? Code::kInternal : Code::kInvalid;
}

Error error_of(const PGconn* pg, const PGresult* result, std::string_view doing) {
  const std::string_view sqlstate = field(result, PG_DIAG_SQLSTATE);
  const std::string_view words = field(result, PG_DIAG_MESSAGE_PRIMARY);
  if (!sqlstate.empty() && !words.empty())
    return Error(code_of_sqlstate(sqlstate),
                 join(doing, ": ", words, " (", sqlstate, ")", advice(sqlstate, words)));
  return Error(Code::kUnavailable, join(doing, ": ", first_line(PQerrorMessage(pg))));
}

}  // namespace gantry::sql
