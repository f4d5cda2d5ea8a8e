// copy_log(): moves a whole log to another database, keeping every position, version, id and
// checksum, so that every checkpoint taken in the old one stays valid in the new one. Stops and
// goes on: what is there already is compared, not written again.
#pragma once
#include <cstdint>
#include <functional>

#include "core/log/open_log.hpp"

namespace gantry::log {

struct CopyProgress {
  Position copied = 0;      // events that are in the new log
  Position total = 0;       // events of the old one
  uint64_t other_rows = 0;  // copied after all events
};

struct Copied {
  Position events = 0;      // in the new log now
  Position found = 0;       // of them were there from an earlier try
  uint64_t other_rows = 0;  // timers, answers, snapshots, event types, checkpoints of processes
};

// Nobody may append to either log meanwhile: on PostgreSQL this sees to it, SQLite files the caller
// locks. `from` is neither made nor migrated; until everything is copied, `to` has a mark and
// nobody serves it. `told` is called after each page.
//   throws  Conflict     the new log is not a beginning of the old one: nothing of it was changed
//           Invalid      there is no old log, or both are one database
//           Unavailable  one of the databases, or somebody has it; run again to go on
//           Internal     the old log is damaged
//   thread  [setup] blocks on I/O
Copied copy_log(const LogOptions& from, const LogOptions& to, const base::Clock& clock,
                const std::function<void(const CopyProgress&)>& told);

}  // namespace gantry::log
