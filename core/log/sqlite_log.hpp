// The event log in one SQLite file: the embedded default.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "core/base/clock.hpp"
#include "core/log/stored_log.hpp"

namespace gantry::log {

struct SqliteLogOptions : StoredLogOptions {
  std::string url;  // "sqlite:<file>", absolute or below data_dir
  std::string data_dir;
  std::chrono::milliseconds busy_timeout{5000};
  bool synchronous_full = true;  // false: the last commits may not survive a power loss
  uint32_t pages_max = 0;        // bound of the file in pages of 4 KiB; 0 = none but the disk's
  std::string vfs;  // SQLite VFS by name; empty: its own. Tests inject faults through another
};

// Opens the log, creating the file and applying the migrations of "core"; timers that are due fire
// at once. One process per file. `clock` is the log's clock and must live longer than the log.
//   throws Unavailable  the file cannot be opened
//          Invalid      the URL, or the file was made by a newer version (see sql::migrate)
std::unique_ptr<Engine> open_sqlite_engine(const SqliteLogOptions& options,
                                           const base::Clock& clock);
std::unique_ptr<Log> open_sqlite_log(const SqliteLogOptions& options, const base::Clock& clock);

}  // namespace gantry::log
