// The logs that must keep the contract.
#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "core/log/log.hpp"
#include "core/log/memory_log.hpp"
#include "core/log/pg_log.hpp"
#include "core/log/sqlite_log.hpp"
#include "tests/support/postgres.hpp"

namespace gantry::log::test {

struct Adapter {
  std::string name;
  // Opens the log that lives in `folder`, creating it the first time.
  std::function<std::unique_ptr<Log>(const std::filesystem::path& folder, const Limits&,
                                     const base::Clock&)>
      open;
};
inline std::ostream& operator<<(std::ostream& out, const Adapter& adapter) {
  return out << adapter.name;
}

inline void set_test_pace(StoredLogOptions& options, const Limits& limits) {
  options.limits = limits;
  options.timer_wait_max = std::chrono::milliseconds(2);  // the clock is moved by hand
  options.answer_sweep_every = std::chrono::milliseconds(1);
}

inline SqliteLogOptions sqlite_options(const std::filesystem::path& folder, const Limits& limits) {
  SqliteLogOptions options;
  set_test_pace(options, limits);
  options.url = "sqlite:events.db";
  options.data_dir = folder.string();
  return options;
}

inline std::unique_ptr<Log> open_sqlite(const std::filesystem::path& folder, const Limits& limits,
                                        const base::Clock& clock) {
  return open_sqlite_log(sqlite_options(folder, limits), clock);
}

// One set of rows for each folder, as if they were files in it.
inline std::unique_ptr<Log> open_memory(const std::filesystem::path& folder, const Limits& limits,
                                        const base::Clock& clock) {
  static std::map<std::string, std::shared_ptr<MemoryRows>> files;
  auto& rows = files[folder.string()];
  if (!rows) rows = make_memory_rows();
  StoredLogOptions options;
  set_test_pace(options, limits);
  return open_memory_log(rows, options, clock);
}

// One database for each folder.
inline const std::string& pg_url(const std::filesystem::path& folder) {
  static std::map<std::string, std::string> databases;
  auto& url = databases[folder.string()];
  if (url.empty()) url = tests::postgres().fresh_database();
  return url;
}
inline std::unique_ptr<Log> open_pg(const std::filesystem::path& folder, const Limits& limits,
                                    const base::Clock& clock) {
  PgLogOptions options;
  set_test_pace(options, limits);
  options.database.name = "events";
  options.database.url = pg_url(folder);
  options.clock_instead = &clock;
  return open_pg_log(options, clock);
}

inline std::vector<Adapter> adapters() {
  return {
      {"sqlite", open_sqlite},
      {"memory", open_memory},
      {"postgresql", open_pg},
  };
}

// Those that outlive their process.
inline std::vector<Adapter> durable_adapters() {
  auto list = adapters();
  std::erase_if(list, [](const Adapter& one) { return one.name == "memory"; });
  return list;
}

}  // namespace gantry::log::test
