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
#include "core/sql/session.hpp"
#include "core/sql/sqlite_connection.hpp"

namespace gantry::sql {

class SqliteSession final : public Session {
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

  // Ends a transaction that was left open. False: the connection is of no use any more.
  bool clean_up() noexcept;
  // How many statements were prepared so far; a steady user adds none.
  uint64_t prepared() const { return kept_.prepared(); }

 private:
  Poco::Data::Session poco_;
  sqlite3* db_;
  bool reads_only_;
  KeptStatements kept_;
};

}  // namespace gantry::sql
