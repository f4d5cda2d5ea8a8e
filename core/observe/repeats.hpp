// Repeats: keeps an event that is logged in a loop from filling the log. Of each event name the
// first `per_second_max` lines of a second pass, the rest are counted; the count is told by the
// next line of that event, or by ended() when none comes.
#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/observe/log.hpp"

namespace gantry::observe {

class Repeats {
 public:
  explicit Repeats(uint32_t per_second_max, uint32_t names_max = 1024)
      : per_second_max_(per_second_max), names_max_(names_max) {}

  struct Verdict {
    bool pass = true;
    uint64_t suppressed = 0;  // left out since the last line of this event that passed
  };
  Verdict seen(Level level, std::string_view event, int64_t now_ns);  // [any]

  struct Left {
    std::string event;
    Level level = Level::kWarn;
    uint64_t suppressed = 0;
  };
  // Events whose second is over (or all, at the end) and whose left-out lines nobody has told yet.
  std::vector<Left> ended(int64_t now_ns, bool all = false);  // [any]

 private:
  struct Window {
    int64_t began_ns = 0;
    uint32_t lines = 0;
    uint64_t suppressed = 0;
    Level level = Level::kWarn;
  };
  const uint32_t per_second_max_;
  const uint32_t names_max_;
  std::mutex mutex_;
  std::map<std::string, Window, std::less<>> windows_;  // guarded by mutex_, at most names_max_
};

}  // namespace gantry::observe
