#include "core/plugins/tables/sql_values.hpp"

#include <algorithm>
#include <cctype>

#include "gantry/error.hpp"
#include "gantry/guard.hpp"
#include "gantry/result.hpp"
#include "gantry/text.hpp"

namespace gantry::plugins {
namespace {
// Of transactions, of the session as a whole (it is used by others afterwards), of the files.
constexpr std::string_view kHostsOwn[] = {
    "BEGIN",   "START",   "COMMIT",  "END",        "ABORT",  "ROLLBACK", "SAVEPOINT",
    "RELEASE", "ATTACH",  "DETACH",  "PRAGMA",     "VACUUM", "SET",      "RESET",
    "DISCARD", "PREPARE", "EXECUTE", "DEALLOCATE", "LISTEN", "UNLISTEN", "COPY"};

std::string_view bytes_of(gantry_str text) {
  return text.data ? from_abi(text) : std::string_view("");
}

sql::Value value_of(const gantry_sql_value& value) {
  switch (value.type) {
    case GANTRY_SQL_NULL:
      return std::monostate{};
    case GANTRY_SQL_INTEGER:
      return value.integer;
    case GANTRY_SQL_REAL:
      return value.real;
    case GANTRY_SQL_TEXT:
      return bytes_of(value.bytes);
    case GANTRY_SQL_BLOB:
      return sql::Blob{bytes_of(value.bytes)};
    default:
      throw Error(Code::kInvalid, join("there is no SQL value of type ", value.type));
  }
}
}  // namespace

sql::Values sql_values(const gantry_sql_value* values, uint32_t count) {
  sql::Values all;
  all.reserve(count);
  for (uint32_t i = 0; i < count; ++i) all.push_back(value_of(values[i]));
  return all;
}

gantry_sql_value raw_value(const sql::Value& value) {
  gantry_sql_value raw{};
  std::visit(overloaded{[](std::monostate) {},
                        [&](int64_t integer) {
                          raw.type = GANTRY_SQL_INTEGER;
                          raw.integer = integer;
                        },
                        [&](double real) {
                          raw.type = GANTRY_SQL_REAL;
                          raw.real = real;
                        },
                        [&](std::string_view text) {
                          raw.type = GANTRY_SQL_TEXT;
                          raw.bytes = to_abi(text);
                        },
                        [&](const sql::Blob& blob) {
                          raw.type = GANTRY_SQL_BLOB;
                          raw.bytes = to_abi(blob.bytes);
                        }},
             value);
  return raw;
}

void demand_no_transaction_control(std::string_view statement) {
  const auto is_space = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  const auto is_letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; };
  const auto* first = std::find_if_not(statement.begin(), statement.end(), is_space);
  std::string word(first, std::find_if_not(first, statement.end(), is_letter));
  for (char& c : word) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  if (std::find(std::begin(kHostsOwn), std::end(kHostsOwn), word) != std::end(kHostsOwn))
    throw Error(Code::kDenied, join(word, " is not for plugins; use begin() and commit()"));
}

}  // namespace gantry::plugins
