// The logs that must keep the contract.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "core/log/log.hpp"
#include "core/log/sqlite_log.hpp"

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

inline SqliteLogOptions sqlite_options(const std::filesystem::path& folder, const Limits& limits) {
  SqliteLogOptions options;
  options.url = "sqlite:events.db";
  options.data_dir = folder.string();
  options.limits = limits;
  options.timer_wait_max = std::chrono::milliseconds(2);  // the clock is moved by hand
  options.answer_sweep_every = std::chrono::milliseconds(1);
  return options;
}

inline std::unique_ptr<Log> open_sqlite(const std::filesystem::path& folder, const Limits& limits,
                                        const base::Clock& clock) {
  return open_sqlite_log(sqlite_options(folder, limits), clock);
}

inline std::vector<Adapter> adapters() {
  return {
      {"sqlite", open_sqlite},
  };
}

}  // namespace gantry::log::test
