// sql::SqliteStatement: one prepared statement of one SQLite connection. Used by the sessions and
// by the log's append path. One thread at a time, that of its connection; must go before the
// connection does.
#pragma once
#include <cstdint>
#include <string_view>
#include <utility>

#include "core/sql/session.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace gantry::sql {

class SqliteStatement {
 public:
  SqliteStatement() = default;
  // throws Invalid (syntax, none or more than one statement), Unavailable
  SqliteStatement(sqlite3* db, std::string_view text);
  ~SqliteStatement();
  SqliteStatement(SqliteStatement&& other) noexcept { swap(other); }
  SqliteStatement& operator=(SqliteStatement&& other) noexcept {
    swap(other);
    return *this;
  }

  // Parameters from left to right. Texts and blobs are borrowed until reset(). Only after reset().
  template <class... Parameters>
  void bind(const Parameters&... parameters) {
    int index = 0;
    (bind_one(++index, parameters), ...);
    expect_count(index);
  }
  void bind_all(const Values& values);

  // True: there is a row. False: done.  throws as Session::exec; the statement is then reset.
  bool step();
  // Runs to the end and resets.
  void run();
  // Ends the execution, frees its locks and its borrowed parameters. May be called any time.
  void reset() noexcept;

  // Columns of the current row, from 0; texts live until the next step() or reset().
  int columns() const;
  int64_t integer(int column) const;
  std::string_view text(int column) const;  // of a text or a blob
  bool is_null(int column) const;
  Value value(int column) const;

  bool reads_only() const;

 private:
  void bind_one(int index, int64_t number);
  void bind_one(int index, std::string_view text);
  void bind_one(int index, Blob blob);
  void bind_value(int index, const Value& value);
  void expect_count(int given) const;
  void check(int rc) const;
  void swap(SqliteStatement& other) noexcept {
    std::swap(db_, other.db_);
    std::swap(statement_, other.statement_);
  }

  sqlite3* db_ = nullptr;
  sqlite3_stmt* statement_ = nullptr;
};

// Resets the statement at the end of a scope.
class Execution {
 public:
  explicit Execution(SqliteStatement& statement) : statement_(statement) {}
  ~Execution() { statement_.reset(); }
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;

 private:
  SqliteStatement& statement_;
};

}  // namespace gantry::sql
