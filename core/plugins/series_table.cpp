#include "core/plugins/series_table.hpp"

#include <variant>

#include "gantry/abi/metrics.h"
#include "gantry/error.hpp"
#include "gantry/result.hpp"
#include "gantry/text.hpp"

namespace gantry::plugins {

SeriesTable::SeriesTable(std::string plugin, observe::Metrics& metrics, uint32_t series_max)
    : plugin_(std::move(plugin)), metrics_(metrics), series_max_(series_max) {
  series_.reserve(series_max_);
  first_ = series_.data();
}

gantry_handle SeriesTable::series(uint32_t kind, const std::string& name, const std::string& help,
                                  observe::Labels labels) {
  if (!labels.emplace("plugin", plugin_).second)
    throw Error(Code::kInvalid, "the label plugin is set by the host");
  std::string key = join(kind, '\0', name);
  for (const auto& [label, value] : labels) key += join('\0', label, '=', value);
  const std::lock_guard lock(mutex_);
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  if (series_.size() == series_max_)
    throw Error(Code::kExhausted, join("a plugin may have ", series_max_, " series"));
  series_.push_back(make(kind, name, help, labels));
  const gantry_handle handle = series_.size();
  known_.emplace(std::move(key), handle);
  count_.store(handle, std::memory_order_release);
  return handle;
}

SeriesTable::Series SeriesTable::make(uint32_t kind, const std::string& name,
                                      const std::string& help, const observe::Labels& labels) {
  switch (kind) {
    case GANTRY_COUNTER:
      return metrics_.counter(name, help, labels);
    case GANTRY_GAUGE:
      return metrics_.gauge(name, help, labels);
    case GANTRY_HISTOGRAM:
      return metrics_.histogram(name, help, observe::duration_buckets(), labels);
    default:
      throw Error(Code::kInvalid, join("there is no kind ", kind, " of series"));
  }
}

void SeriesTable::record(gantry_handle handle, double value) const {
  if (handle == 0 || handle > count_.load(std::memory_order_acquire)) return;
  Series series = first_[handle - 1];  // handles are small values
  std::visit(overloaded{[&](observe::Counter& counter) { counter.add(value); },
                        [&](observe::Gauge& gauge) { gauge.set(value); },
                        [&](observe::Histogram& histogram) { histogram.observe(value); }},
             series);
}

}  // namespace gantry::plugins
