#include "core/log/pg_log.hpp"

#include <atomic>
#include <mutex>

#include "core/log/log_tables.hpp"
#include "core/log/pg_listener.hpp"
#include "core/log/pg_reader.hpp"
#include "core/log/pg_store.hpp"
#include "core/sql/pg_url.hpp"

namespace gantry::log {
namespace {

// With its tables; returns the connection string.
std::string prepared(const PgLogOptions& options) {
  sql::DatabaseOptions database = options.database;
  database.readers_max = database.writers_max = 1;
  open_tables(database, options.use);
  return sql::PgUrl(database.url).conninfo(database.postgresql, false);
}

class PgEngine final : public Engine {
 public:
  PgEngine(const PgLogOptions& options, const base::Clock& clock)
      : options_(options),
        pace_(clock),
        conninfo_(prepared(options)),
        clock_(clock, options.clock_instead),
        listener_(conninfo_, options.poll_max, options.answer_max, writer_) {}

  std::unique_ptr<Store> open_store() override {
    return std::make_unique<PgStore>(conninfo_, options_, clock_, pace_, writer_);
  }
  std::unique_ptr<Reader> open_reader() override {
    return std::make_unique<PgReader>(conninfo_, options_.answer_max, clock_);
  }
  void keep_snapshot(const Snapshot& snapshot) override {
    const std::lock_guard lock(mutex_);
    if (!snapshots_ || !snapshots_->sound()) {
      snapshots_.reset();
      snapshots_ = std::make_unique<PgLink>(
          conninfo_,
          std::vector<PgStatement>{
              {"keep",
               "INSERT INTO es_snapshot AS s (stream, schema_version, version, data)"
               " VALUES ($1::text, $2::bigint, $3::bigint, $4::bytea)"
               " ON CONFLICT (stream) DO UPDATE SET schema_version = excluded.schema_version,"
               " version = excluded.version, data = excluded.data"
               " WHERE s.schema_version <> excluded.schema_version"
               " OR s.version < excluded.version"}},
          options_.answer_max);
    }
    snapshots_->ask("keep", PgValues()
                                .add(snapshot.stream)
                                .add(snapshot.schema)
                                .add(snapshot.version)
                                .add(snapshot.data));
  }
  Instant now() const override { return clock_.now(); }
  void listen(const std::function<void()>& moved) override { listener_.run(moved); }
  void stop_listening() override { listener_.stop(); }

 private:
  const PgLogOptions options_;
  const base::Clock& pace_;
  const std::string conninfo_;
  PgClock clock_;
  std::atomic<int> writer_{0};  // the server's process that appends for us
  PgListener listener_;
  std::mutex mutex_;  // guards snapshots_, and is held while it writes
  std::unique_ptr<PgLink> snapshots_;
};

}  // namespace

std::unique_ptr<Engine> open_pg_engine(const PgLogOptions& options, const base::Clock& clock) {
  return std::make_unique<PgEngine>(options, clock);
}

std::unique_ptr<Log> open_pg_log(const PgLogOptions& options, const base::Clock& clock) {
  return std::make_unique<StoredLog>(open_pg_engine(options, clock), options, clock);
}

}  // namespace gantry::log
