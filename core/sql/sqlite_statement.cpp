#include "core/sql/sqlite_statement.hpp"

#include <sqlite3.h>

#include "core/sql/sqlite_error.hpp"
#include "gantry/text.hpp"

namespace gantry::sql {
namespace {
// Whether something other than spaces, ';' and comments follows.
bool has_more(sqlite3* db, const char* tail, const char* end) {
  while (tail < end) {
    sqlite3_stmt* next = nullptr;
    const char* rest = nullptr;
    if (sqlite3_prepare_v2(db, tail, static_cast<int>(end - tail), &next, &rest) != SQLITE_OK)
      return true;
    if (next != nullptr) {
      sqlite3_finalize(next);
      return true;
    }
    if (rest <= tail) return false;
    tail = rest;
  }
  return false;
}
}  // namespace

SqliteStatement::SqliteStatement(sqlite3* db, std::string_view text) : db_(db) {
  const char* tail = nullptr;
  const int rc = sqlite3_prepare_v3(db, text.data(), static_cast<int>(text.size()),
                                    SQLITE_PREPARE_PERSISTENT, &statement_, &tail);
  if (rc != SQLITE_OK) throw error_of(db, sqlite3_extended_errcode(db), "prepare");
  if (statement_ == nullptr) throw Error(Code::kInvalid, "the statement is empty");
  if (has_more(db, tail, text.data() + text.size())) {
    sqlite3_finalize(statement_);
    statement_ = nullptr;
    throw Error(Code::kInvalid, "one statement at a time; several are for script()");
  }
}

SqliteStatement::~SqliteStatement() { sqlite3_finalize(statement_); }

void SqliteStatement::bind_all(const Values& values) {
  expect_count(static_cast<int>(values.size()));
  int index = 0;
  for (const auto& value : values) bind_value(++index, value);
}

bool SqliteStatement::step() {
  const int rc = sqlite3_step(statement_);
  if (rc == SQLITE_ROW) return true;
  if (rc == SQLITE_DONE) return false;
  const Error error = error_of(db_, sqlite3_extended_errcode(db_), "execute");
  reset();
  throw error;
}

void SqliteStatement::run() {
  while (step()) {
  }
  reset();
}

void SqliteStatement::reset() noexcept {
  sqlite3_reset(statement_);  // repeats the code that step() already reported
  sqlite3_clear_bindings(statement_);
}

int SqliteStatement::columns() const { return sqlite3_column_count(statement_); }

int64_t SqliteStatement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string_view SqliteStatement::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  return {bytes, static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
}

bool SqliteStatement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

Value SqliteStatement::value(int column) const {
  switch (sqlite3_column_type(statement_, column)) {
    case SQLITE_INTEGER:
      return integer(column);
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement_, column);
    case SQLITE_TEXT:
      return text(column);
    case SQLITE_BLOB:
      return Blob{text(column)};
    default:
      return std::monostate();
  }
}

bool SqliteStatement::reads_only() const { return sqlite3_stmt_readonly(statement_) != 0; }

void SqliteStatement::bind_one(int index, int64_t number) {
  check(sqlite3_bind_int64(statement_, index, number));
}

void SqliteStatement::bind_one(int index, std::string_view text) {
  const char* bytes = text.data() != nullptr ? text.data() : "";  // a null pointer would bind NULL
  check(sqlite3_bind_text64(statement_, index, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void SqliteStatement::bind_one(int index, Blob blob) {
  const char* bytes = blob.bytes.data() != nullptr ? blob.bytes.data() : "";
  check(sqlite3_bind_blob64(statement_, index, bytes, blob.bytes.size(), SQLITE_STATIC));
}

void SqliteStatement::bind_value(int index, const Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) return bind_one(index, *number);
  if (const auto* text = std::get_if<std::string_view>(&value)) return bind_one(index, *text);
  if (const auto* blob = std::get_if<Blob>(&value)) return bind_one(index, *blob);
  if (const auto* real = std::get_if<double>(&value)) {
    return check(sqlite3_bind_double(statement_, index, *real));
  }
  check(sqlite3_bind_null(statement_, index));
}

void SqliteStatement::expect_count(int given) const {
  const int wanted = sqlite3_bind_parameter_count(statement_);
  if (given == wanted) return;
  throw Error(Code::kInvalid,
              join("the statement has ", wanted, " parameters, ", given, " were given"));
}

void SqliteStatement::check(int rc) const {
  if (rc != SQLITE_OK) throw error_of(db_, rc, "bind");
}

}  // namespace gantry::sql
