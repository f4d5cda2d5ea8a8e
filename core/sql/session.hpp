// sql::Session: one connection to one logical database. Statements are prepared once per session
// and kept (architecture: a Poco statement rebuilt per call costs 3-5 times as much). One thread at
// a time; take one from sql::Database.
//
// Statements are written once for all engines: ON CONFLICT … DO, IS NOT DISTINCT FROM, RETURNING
// are fine; a bare `SELECT ?` has no type on PostgreSQL (write CAST(? AS BIGINT)), LIKE knows case
// there, and after a statement that failed its transaction takes no further ones.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/clock.hpp"
#include "gantry/instant.hpp"

namespace gantry::sql {

struct Blob {
  std::string_view bytes;
};
// A parameter or a column. Views: parameters must live until the call returns, columns until the
// row callback returns.
using Value = std::variant<std::monostate, int64_t, double, std::string_view, Blob>;
using Values = std::vector<Value>;
using Row = std::vector<Value>;

class Session {
 public:
  virtual ~Session() = default;

  // Runs one statement with `?` parameters; returns the number of changed rows.
  //   throws  Conflict     a unique or foreign key says no
  //           Unavailable  the database is away, locked longer than the busy time-out, or full
  //           Invalid      the statement or its parameters are wrong
  //   thread  [worker] [bus] blocks on I/O
  virtual int64_t exec(std::string_view statement, const Values& values = {}) = 0;

  // Calls `row` for each row of the answer, at most rows_max (0 = no bound); false from `row`
  // stops.
  virtual void query(std::string_view statement, const Values& values,
                     const std::function<bool(const Row&)>& row, uint32_t rows_max = 0) = 0;

  // Several statements in one text, without parameters: migrations only.
  virtual void script(std::string_view statements) = 0;

  // The database's own time, by which leases are judged: instances that share a database share this
  // clock and no other. For a file of one host it is that host's, `clock`; a database server is
  // asked.
  //   throws  as exec
  virtual Instant now(const base::Clock& clock) { return clock.now(); }

  // SQLite takes the write lock of the whole database at once. PostgreSQL locks row by row, as they
  // are written (READ COMMITTED): what is read to be decided on must be locked, see row_lock().
  virtual void begin() = 0;
  //   throws  Unavailable  also when its outcome is not known, because the answer was cut off
  //           Invalid      on PostgreSQL, after a statement that failed: nothing was kept
  virtual void commit() = 0;
  virtual void rollback() noexcept = 0;

  // What a SELECT ends with whose rows nobody else may change until the transaction ends:
  // " FOR UPDATE", or nothing where begin() has locked everything.
  virtual std::string_view row_lock() const { return {}; }

  // Between the two no other process migrates this database and no statement is too slow. Nothing
  // to do where begin() locks everything.  throws Unavailable: another one takes too long
  virtual void begin_migrations() {}
  virtual void end_migrations() noexcept {}
};

// Rolls back unless commit() was called.
class Transaction {
 public:
  explicit Transaction(Session& session) : session_(session) { session_.begin(); }
  ~Transaction() {
    if (!done_) session_.rollback();
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit() {
    session_.commit();
    done_ = true;
  }

 private:
  Session& session_;
  bool done_ = false;
};

}  // namespace gantry::sql
