// TimeZones: the names that the system's tz database knows (package tzdata).
#pragma once
#include <string>
#include <string_view>

namespace gantry::events {

class TimeZones {
 public:
  explicit TimeZones(std::string directory = "/usr/share/zoneinfo")
      : directory_(std::move(directory)) {}

  // True for "Europe/Berlin" and "UTC". Where there is no database at all nobody can say, and every
  // name that looks like one is taken.  [worker] reads a file
  bool knows(std::string_view name) const;

 private:
  std::string directory_;
};

}  // namespace gantry::events
