#include "core/log/sqlite_log.hpp"

#include <mutex>

#include "core/log/log_tables.hpp"
#include "core/log/sqlite_reader.hpp"
#include "core/log/sqlite_store.hpp"
#include "core/sql/database.hpp"
#include "core/sql/sqlite_url.hpp"

namespace gantry::log {
namespace {

sql::SqliteOptions connection_options(const SqliteLogOptions& options, bool reads_only) {
  return {.busy_timeout = options.busy_timeout,
          .synchronous_full = options.synchronous_full,
          .reads_only = reads_only,
          .pages_max = options.pages_max,
          .vfs = options.vfs};
}

// Returns the file, with its tables.
std::string prepared_file(const SqliteLogOptions& options) {
  sql::DatabaseOptions database;
  database.name = "events";
  database.url = options.url;
  database.data_dir = options.data_dir;
  database.busy_timeout = options.busy_timeout;
  const auto events = open_tables(database, options.use);
  if (options.use != Use::kCopyTo) refuse_unfinished(name_of_log(*events->reader()));
  return sql::sqlite_file(options.url, options.data_dir);
}

// Snapshots through a connection of their own: the log's writer is not held up by what is large and
// of no consequence, beyond the moment in which SQLite lets only one of the two write.
class SnapshotRows {
 public:
  SnapshotRows(const std::string& file, const sql::SqliteOptions& options)
      : connection_(file, options),
        keep_(connection_.handle(),
              "INSERT INTO es_snapshot (stream, schema_version, version, data) VALUES (?, ?, ?, ?) "
              "ON CONFLICT (stream) DO UPDATE SET schema_version = excluded.schema_version, "
              "version = excluded.version, data = excluded.data "
              "WHERE schema_version <> excluded.schema_version OR version < excluded.version") {}
  void keep(const Snapshot& snapshot) {
    const sql::Execution execution(keep_);
    keep_.bind(snapshot.stream, snapshot.schema, snapshot.version, sql::Blob{snapshot.data});
    keep_.run();
  }

 private:
  sql::SqliteConnection connection_;
  sql::SqliteStatement keep_;
};

class SqliteEngine final : public Engine {
 public:
  SqliteEngine(const SqliteLogOptions& options, const base::Clock& clock)
      : writes_(connection_options(options, false)),
        reads_(connection_options(options, true)),
        clock_(clock),
        file_(prepared_file(options)) {}

  std::unique_ptr<Store> open_store() override {
    return std::make_unique<SqliteStore>(file_, writes_, clock_);
  }
  std::unique_ptr<Reader> open_reader() override {
    return std::make_unique<SqliteReader>(file_, reads_, clock_);
  }
  void keep_snapshot(const Snapshot& snapshot) override {
    const std::lock_guard lock(mutex_);
    if (!snapshots_) snapshots_ = std::make_unique<SnapshotRows>(file_, writes_);
    snapshots_->keep(snapshot);
  }
  Instant now() const override { return clock_.now(); }

 private:
  const sql::SqliteOptions writes_, reads_;
  const base::Clock& clock_;
  const std::string file_;
  std::mutex mutex_;  // guards snapshots_, and is held while it writes
  std::unique_ptr<SnapshotRows> snapshots_;
};

}  // namespace

std::unique_ptr<Engine> open_sqlite_engine(const SqliteLogOptions& options,
                                           const base::Clock& clock) {
  return std::make_unique<SqliteEngine>(options, clock);
}

std::unique_ptr<Log> open_sqlite_log(const SqliteLogOptions& options, const base::Clock& clock) {
  return std::make_unique<StoredLog>(open_sqlite_engine(options, clock), options, clock);
}

}  // namespace gantry::log
