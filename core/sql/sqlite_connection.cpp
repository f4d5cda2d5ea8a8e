#include "core/sql/sqlite_connection.hpp"

#include <sqlite3.h>

#include "core/sql/sqlite_error.hpp"
#include "core/sql/sqlite_statement.hpp"
#include "gantry/text.hpp"

namespace gantry::sql {
namespace {
void run_on(sqlite3* db, const char* statements, const char* doing) {
  if (sqlite3_exec(db, statements, nullptr, nullptr, nullptr) == SQLITE_OK) return;
  throw error_of(db, sqlite3_extended_errcode(db), doing);
}
}  // namespace

void configure(sqlite3* db, const SqliteOptions& options) {
  sqlite3_extended_result_codes(db, 1);
  sqlite3_busy_timeout(db, static_cast<int>(options.busy_timeout.count()));
  run_on(db, "PRAGMA foreign_keys = ON", "foreign_keys");
  if (options.reads_only) return run_on(db, "PRAGMA query_only = ON", "query_only");

  SqliteStatement wal(db, "PRAGMA journal_mode = WAL");
  if (!wal.step() || wal.text(0) != "wal") {
    throw Error(Code::kUnavailable, "SQLite cannot use WAL here; is this a network file system?");
  }
  wal.reset();
  run_on(db, options.synchronous_full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL",
         "synchronous");
  if (options.pages_max != 0)
    run_on(db, join("PRAGMA max_page_count = ", options.pages_max).c_str(), "max_page_count");
}

SqliteConnection::SqliteConnection(const std::string& file, const SqliteOptions& options) {
  const int flags =
      SQLITE_OPEN_NOMUTEX |
      (options.reads_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  sqlite3* db = nullptr;
  const int rc = sqlite3_open_v2(file.c_str(), &db, flags,
                                 options.vfs.empty() ? nullptr : options.vfs.c_str());
  db_.reset(db);
  if (rc != SQLITE_OK) throw error_of(db, rc, "open " + file);
  configure(db, options);
}

void SqliteConnection::run(const char* statements) { run_on(handle(), statements, "execute"); }

uint32_t SqliteConnection::data_version() const noexcept {
  uint32_t version = 0;
  sqlite3_file_control(handle(), "main", SQLITE_FCNTL_DATA_VERSION, &version);
  return version;
}

bool SqliteConnection::in_transaction() const { return sqlite3_get_autocommit(handle()) == 0; }

bool SqliteConnection::roll_back() noexcept {
  if (in_transaction()) sqlite3_exec(handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  return !in_transaction();
}

void SqliteConnection::Close::operator()(sqlite3* db) const noexcept {
  // _v2 waits for statements that are still open instead of failing.
  sqlite3_close_v2(db);
}

}  // namespace gantry::sql
