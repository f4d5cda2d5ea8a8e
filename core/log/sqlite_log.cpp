#include "core/log/sqlite_log.hpp"

#include "core/log/queued_unit.hpp"
#include "core/log/readers.hpp"
#include "core/log/refusals.hpp"
#include "core/log/timers.hpp"
#include "core/log/writer.hpp"
#include "core/sql/database.hpp"
#include "core/sql/migrations.hpp"
#include "core/sql/sqlite_url.hpp"
#include "core_migrations.hpp"
#include "gantry/text.hpp"

namespace gantry::log {
namespace {

sql::SqliteOptions connection_options(const SqliteLogOptions& options, bool reads_only) {
  return {.busy_timeout = options.busy_timeout,
          .synchronous_full = options.synchronous_full,
          .reads_only = reads_only,
          .pages_max = options.pages_max,
          .vfs = options.vfs};
}

// Returns the file, migrated.
std::string prepared_file(const SqliteLogOptions& options) {
  sql::DatabaseOptions database;
  database.name = "events";
  database.url = options.url;
  database.data_dir = options.data_dir;
  database.busy_timeout = options.busy_timeout;
  const auto events = sql::open_database(database);
  sql::migrate(*events->writer(), "core",
               sql::embedded_migrations("core", core_migrations::kEngines, "sqlite"));
  return sql::sqlite_file(options.url, options.data_dir);
}

class SqliteLog final : public Log {
 public:
  SqliteLog(const SqliteLogOptions& options, const std::string& file, const base::Clock& clock)
      : clock_(clock),
        limits_(options.limits),
        writer_({.file = file,
                 .sqlite = connection_options(options, false),
                 .limits = options.limits,
                 .sweep_every = options.answer_sweep_every,
                 .sweep_max = options.answer_sweep_max},
                clock),
        readers_(file, connection_options(options, true), options.readers_max,
                 options.read_wait_max),
        timers_({.file = file,
                 .sqlite = connection_options(options, true),
                 .wait_max = options.timer_wait_max,
                 .batch_max = options.timer_batch_max},
                writer_, clock) {
    writer_.on_timer_set([this](Instant due) { timers_.notice(due); });
    writer_.start();
    timers_.start();
  }
  ~SqliteLog() override { stop(); }

  void append(Unit unit, std::function<void(const Outcome&)> done) override {
    QueuedUnit queued;
    Outcome refusal;
    refusal.detail = fault_of(unit, limits_);
    if (!refusal.detail.empty()) {
      refusal.code = Code::kInvalid;
      ++invalid_;
      return refusals_.answer(std::move(done), std::move(refusal));
    }
    queued.ids = event_ids(unit);
    queued.bytes = bytes_of(unit);
    queued.unit = std::move(unit);
    queued.done = std::move(done);
    if (auto refused = writer_.put(queued))
      refusals_.answer(std::move(queued.done), std::move(*refused));
  }

  uint32_t read_stream(std::string_view stream, int64_t after, uint32_t max,
                       const std::function<bool(const Event&)>& visit) override {
    return Readers::Lease(readers_)->read_stream(stream, std::max<int64_t>(after, 0), max, visit);
  }
  int64_t stream_version(std::string_view stream) override {
    return Readers::Lease(readers_)->stream_version(stream);
  }
  std::vector<EventPtr> read(Position after, uint32_t max) override {
    const Position head = writer_.head();
    return Readers::Lease(readers_)->read(std::max<Position>(after, 0),
                                          std::min(max, limits_.read_page_events_max), head);
  }
  std::optional<Event> find(const Uuid& event_id) override {
    return Readers::Lease(readers_)->find(event_id);
  }
  std::optional<StoredAnswer> answer(std::string_view scope) override {
    return Readers::Lease(readers_)->answer(scope, clock_.now());
  }

  Position head() const override { return writer_.head(); }
  void on_commit(std::function<void(Position)> signal) override {
    writer_.on_commit(std::move(signal));
  }
  Instant now() const override { return clock_.now(); }
  AppendStats stats() const override {
    AppendStats stats = writer_.stats();
    stats.refused += invalid_;
    return stats;
  }

  std::optional<Error> write_fault() const override { return writer_.fault(); }
  void probe_write() override { writer_.probe(); }

  void stop() override {
    timers_.stop();
    writer_.stop();
    readers_.close();
  }

 private:
  const base::Clock& clock_;
  const Limits limits_;
  std::atomic<uint64_t> invalid_{0};
  Refusals refusals_;
  Writer writer_;
  Readers readers_;
  Timers timers_;
};

}  // namespace

std::unique_ptr<Log> open_sqlite_log(const SqliteLogOptions& options, const base::Clock& clock) {
  const Limits& limits = options.limits;
  if (options.readers_max == 0 || options.timer_batch_max == 0 || limits.append_batch_max == 0 ||
      limits.append_queue_max == 0 || limits.append_events_max == 0 ||
      limits.read_page_events_max == 0) {
    throw Error(Code::kInvalid, "the bounds of the log must be at least 1");
  }
  return std::make_unique<SqliteLog>(options, prepared_file(options), clock);
}

}  // namespace gantry::log
