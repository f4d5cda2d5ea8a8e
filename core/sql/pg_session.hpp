// sql::PgSession: a session over Poco::Data::PostgreSQL.
//
// Poco opens, owns and closes the connection. Statements are prepared, run and read through the
// PGconn that Poco's session handle holds, because Poco's (1.11) own dynamic columns lose values
// and its statements are rebuilt for each call. An answer is read whole before its first row is
// seen: ask for bounded ones.
//
// Needs a connection of its own from the first statement to the last: behind a pooler that gives
// each transaction another one (pgbouncer's pool_mode=transaction) prepared statements and settings
// are not there. That is not supported.
#pragma once
#include <string>
#include <vector>

#include "core/sql/kept_statements.hpp"
#include "core/sql/pg_connection.hpp"
#include "core/sql/pg_result.hpp"
#include "core/sql/session_pool.hpp"

namespace gantry::sql {

class PgSession final : public PooledSession {
 public:
  //   conninfo  as PgUrl::conninfo
  //   throws    Unavailable
  PgSession(const std::string& conninfo, bool reads_only);

  int64_t exec(std::string_view statement, const Values& values) override;
  void query(std::string_view statement, const Values& values,
             const std::function<bool(const Row&)>& row, uint32_t rows_max) override;
  void script(std::string_view statements) override;
  // The server's clock at this moment, also inside a transaction.
  Instant now(const base::Clock& clock) override;
  // READ COMMITTED, whatever the server's default is. A session that only reads sees one state from
  // its first statement to its last, as on SQLite (REPEATABLE READ, which never fails to commit
  // without writing).
  void begin() override;
  // A statement that failed has aborted its transaction: then throws Invalid, and nothing is kept.
  void commit() override;
  void rollback() noexcept override;
  std::string_view row_lock() const override { return reads_only_ ? "" : " FOR UPDATE"; }
  // An advisory lock of this database, so that two instances that start together take turns.
  void begin_migrations() override;
  void end_migrations() noexcept override;

  bool clean_up() noexcept override;
  bool is_alive() noexcept override { return connection_.is_alive(); }
  uint64_t prepared() const override { return prepared_; }

 private:
  struct Statement {
    std::string name;
    std::vector<bool> only_null_counts;
  };

  PgResult run(std::string_view text, const Values& values);
  Statement prepare(std::string_view text);
  void keep(std::string_view text, Statement statement);
  void deallocate_stale();
  PgResult command(const char* text, std::string_view doing);
  [[noreturn]] void fail(const PgResult& result, std::string_view doing);

  PgConnection connection_;
  PGconn* pg_;
  bool reads_only_;
  bool broken_ = false;  // of no use after this loan
  KeptStatements<Statement> kept_;
  std::vector<std::string> stale_;  // prepared, not kept any more
  uint64_t prepared_ = 0;
};

}  // namespace gantry::sql
