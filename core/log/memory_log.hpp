// The event log in memory: keeps every promise of log::Log but the one to survive its process. For
// the testkit and for tests; passes the same contract suite as the databases.
#pragma once
#include <memory>

#include "core/base/clock.hpp"
#include "core/log/stored_log.hpp"

namespace gantry::log {

// What the log writes to. Outlives the logs opened on it, as a file would.
class MemoryRows;
std::shared_ptr<MemoryRows> make_memory_rows();

// `clock` is the log's clock and must live longer than the log.  throws Invalid  a bound is 0
std::unique_ptr<Log> open_memory_log(std::shared_ptr<MemoryRows> rows,
                                     const StoredLogOptions& options, const base::Clock& clock);

}  // namespace gantry::log
