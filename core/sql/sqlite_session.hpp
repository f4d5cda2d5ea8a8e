// sql::SqliteSession: a session over Poco::Data::SQLite.
//
// Poco opens, owns and closes the connection. Statements are bound and read through the sqlite3
// handle that Poco's session holds, because Poco's (1.11) own dynamic columns lose values: a column
// without a declared type (count(*), max(x), any expression) arrives as a string, a text ends at
// its first NUL byte, and a kept statement with Poco::Dynamic parameters does 0.25 M inserts/s
// where sqlite3 does 1.4 M.
#pragma once
#include <Poco/Data/Session.h>

#include <string>

#include "core/sql/kept_statements.hpp"
#include "core/sql/session_pool.hpp"
#include "core/sql/sqlite_connection.hpp"
#include "core/sql/sqlite_statement.hpp"

namespace gantry::sql {

class SqliteSession final : public PooledSession {
 public:
  // Opens and configures; creates the file.  throws Unavailable
  SqliteSession(const std::string& file, const SqliteOptions& options);
  ~SqliteSession() override;

  int64_t exec(std::string_view statement, const Values& values) override;
  void query(std::string_view statement, const Values& values,
             const std::function<bool(const Row&)>& row, uint32_t rows_max) override;
  void script(std::string_view statements) override;
  void begin() override;
  void commit() override;
  void rollback() noexcept override;

  bool clean_up() noexcept override;
  bool is_alive() noexcept override { return true; }  // a file does not hang up
  uint64_t prepared() const override { return prepared_; }

 private:
  class Loan;
  Poco::Data::Session poco_;
  sqlite3* db_;
  bool reads_only_;
  KeptStatements<SqliteStatement> kept_;
  uint64_t prepared_ = 0;
};

}  // namespace gantry::sql
