// run(): all checks, in one pass over the log and one over its timers.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/verify/report.hpp"

namespace gantry::verify {

struct Sources {
  std::string events;                    // URL
  std::string projections;               // URL; empty: no read models, no ledger
  std::string history;                   // file; empty: none
  std::vector<std::string> subscribers;  // files
  int64_t timer_grace_s = 60;
};

// Called now and then with (events done, events in all).
using Progress = std::function<void(int64_t, int64_t)>;

//   throws  CannotRead
Report run(const Sources& sources, const Progress& progress);

}  // namespace gantry::verify
