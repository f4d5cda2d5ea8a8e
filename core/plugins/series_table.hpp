// SeriesTable: the metric series of one plugin by handle. Outlives the plugin's generations, so
// that a series keeps its handle and its value when the plugin is switched off and on.
#pragma once
#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include "core/observe/metrics.hpp"
#include "gantry/abi/base.h"

namespace gantry::plugins {

class SeriesTable {
 public:
  SeriesTable(std::string plugin, observe::Metrics& metrics, uint32_t series_max);

  //   kind     GANTRY_COUNTER, GANTRY_GAUGE, GANTRY_HISTOGRAM
  //   throws   gantry::Error Invalid, Exhausted
  //   thread   [any], takes locks
  gantry_handle series(uint32_t kind, const std::string& name, const std::string& help,
                       observe::Labels labels);
  // Nothing for a handle that was not given out. Lock-free.  [any]
  void record(gantry_handle handle, double value) const;

 private:
  using Series = std::variant<observe::Counter, observe::Gauge, observe::Histogram>;
  Series make(uint32_t kind, const std::string& name, const std::string& help,
              const observe::Labels& labels);

  const std::string plugin_;
  observe::Metrics& metrics_;
  const uint32_t series_max_;
  std::mutex mutex_;
  std::map<std::string, gantry_handle> known_;  // guarded by mutex_
  std::vector<Series> series_;                  // filled up to count_, never moved: reserved once
  const Series* first_ = nullptr;
  std::atomic<uint64_t> count_{0};
};

}  // namespace gantry::plugins
