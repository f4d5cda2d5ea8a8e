// What the tests of consumers stand on: a log in memory, real databases of their own, and Consumers
// that can be made anew as after a crash. The tests are built twice: on SQLite, and with
// GANTRY_RIG_POSTGRESQL on PostgreSQL.
#pragma once
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "core/consume/checkpoint.hpp"
#include "core/consume/consumers.hpp"
#include "core/runtime/system_clock.hpp"
#include "core/sql/checkpoint.hpp"
#include "tests/unit/consume/faulty_database.hpp"
#include "tests/unit/consume/memory_log.hpp"
#ifdef GANTRY_RIG_POSTGRESQL
#include "tests/support/postgres.hpp"
#endif

namespace gantry::consume {

using namespace std::chrono_literals;

constexpr auto kLong = 20s;  // nothing takes that long; what waits so long has failed

#ifdef GANTRY_RIG_POSTGRESQL
constexpr bool kOnPostgres = true;
inline std::string fresh_database(const std::string&) { return tests::postgres().fresh_database(); }
#else
constexpr bool kOnPostgres = false;
inline std::string fresh_database(const std::string& name) { return "sqlite:" + name + ".db"; }
#endif

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "gantry-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline Limits quick_limits() {
  Limits limits;
  limits.retry_initial_ms = 1;
  limits.retry_max_ms = 5;
  limits.checkpoint_ms = 5;
  limits.threads = 3;
  limits.batch_ms_max = 10000;  // batches end by their number of events, not by chance
  return limits;
}

class Rig {
 public:
  explicit Rig(const Limits& wanted = quick_limits())
      : limits(wanted), events(open("events")), projections(open("projections")) {
    projections.writer()->script(
        kOnPostgres ? "CREATE TABLE seen (id bigint GENERATED ALWAYS AS IDENTITY, "
                      "position bigint NOT NULL, stream text NOT NULL)"
                    : "CREATE TABLE seen (id INTEGER PRIMARY KEY, position INTEGER NOT NULL, "
                      "stream TEXT NOT NULL)");
    renew();
  }

  // As after a crash: consumers without memory.
  void renew() {
    consumers.reset();
    consumers.emplace(
        log, source(),
        [this](std::string_view name) -> sql::Database& {
          return name == "events" ? events : projections;
        },
        limits, clock, silent, metrics, "here");
  }

  // A projection that writes one row for each event.
  Projection seen(std::vector<std::string> streams = {"*"}) {
    return {.name = "seen",
            .version = 1,
            .database = "projections",
            .filter = {std::move(streams)},
            .apply = [](const log::Event& event, sql::Session& session) {
              session.exec("INSERT INTO seen (position, stream) VALUES (?, ?)",
                           {event.position, std::string_view(event.stream)});
            }};
  }

  std::vector<int64_t> rows() {
    std::vector<int64_t> positions;
    projections.reader()->query("SELECT position FROM seen ORDER BY id", {},
                                [&](const sql::Row& row) {
                                  positions.push_back(std::get<int64_t>(row[0]));
                                  return true;
                                });
    return positions;
  }

  Mark checkpoint(sql::Database& database, const std::string& name, uint32_t version) {
    const auto row = Checkpoint(name, version).read(*database.reader());
    return row ? row->mark : Mark{-1, {}};
  }

  ConsumerStatus status(const std::string& name) {
    for (const auto& one : consumers->list()) {
      if (one.name == name) return one;
    }
    return {};
  }

  // Waits until `name` is in that state.
  bool becomes(const std::string& name, State state) {
    return eventually([&] { return status(name).state == state; });
  }

  template <class Condition>
  static bool eventually(Condition condition) {
    const auto until = std::chrono::steady_clock::now() + kLong;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::yield();
    }
    return true;
  }

  EventSource& source() { return log; }

  Folder folder;
  const Limits limits;
  runtime::SystemClock clock;
  observe::SilentLogger silent;
  observe::Metrics metrics;
  MemoryLog log;
  FaultyDatabase events;
  FaultyDatabase projections;
  std::optional<Consumers> consumers;

 private:
  std::unique_ptr<sql::Database> open(const std::string& name) {
    auto database = sql::open_database({.name = name,
                                        .url = fresh_database(name),
                                        .data_dir = folder.path(),
                                        .readers_max = 8,
                                        .synchronous_full = false});
    sql::migrate(*database->writer(), "checkpoint", sql::checkpoint_migrations(database->engine()));
    return database;
  }
};

// 1, 2, … n
inline std::vector<int64_t> up_to(int64_t n) {
  std::vector<int64_t> all;
  for (int64_t i = 1; i <= n; ++i) all.push_back(i);
  return all;
}

}  // namespace gantry::consume
