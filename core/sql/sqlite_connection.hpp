// sql::SqliteConnection: a raw SQLite connection with our settings, for the log. Everything else
// goes through sql::Database.
#pragma once
#include <chrono>
#include <memory>
#include <string>

struct sqlite3;

namespace gantry::sql {

struct SqliteOptions {
  std::chrono::milliseconds busy_timeout{5000};
  bool synchronous_full =
      true;  // FULL: a commit survives power loss; NORMAL: the last ones may not
  bool reads_only = false;
  uint32_t pages_max = 0;  // PRAGMA max_page_count; 0: no bound but the disk's
  std::string vfs{};       // empty: SQLite's own; tests inject faults through another
};

// Busy time-out, WAL, synchronous, foreign keys. The order matters: WAL may have to wait.
//   throws Unavailable  also when the file system cannot do WAL
void configure(sqlite3* db, const SqliteOptions& options);

// One thread at a time.
class SqliteConnection {
 public:
  // Opens and configures; creates the file unless reads_only.  throws Unavailable
  SqliteConnection(const std::string& file, const SqliteOptions& options);

  sqlite3* handle() const { return db_.get(); }

  // Runs statements without parameters or rows.  throws as Session::exec
  void run(const char* statements);

  bool in_transaction() const;
  // Another number after each commit to the file, by this connection or by others as far as its
  // transaction sees them (SQLITE_FCNTL_DATA_VERSION).
  uint32_t data_version() const noexcept;
  // Ends the open transaction, if any. False: it could not be ended, the connection is of no use.
  bool roll_back() noexcept;

 private:
  struct Close {
    void operator()(sqlite3* db) const noexcept;
  };
  std::unique_ptr<sqlite3, Close> db_;
};

}  // namespace gantry::sql
