// Metrics: the counters, gauges and histograms of the process, rendered as Prometheus text (0.0.4).
// Built on the prometheus-cpp registry, whose types stay inside metrics.cpp.
//
// Ask for a handle once, keep it, use it from any thread. The same name and labels always give the
// same series, so what a plugin counted survives its being disabled and enabled again.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace gantry::observe {

using Labels = std::map<std::string, std::string>;

// Handles are values; they live at most as long as the Metrics they came from. All members [any].
class Counter {
 public:
  explicit Counter(prometheus::Counter& series) : series_(&series) {}
  void add(double amount = 1);  // negative amounts are ignored
  double value() const;

 private:
  prometheus::Counter* series_;
};

class Gauge {
 public:
  explicit Gauge(prometheus::Gauge& series) : series_(&series) {}
  void set(double value);
  void add(double amount = 1);
  double value() const;

 private:
  prometheus::Gauge* series_;
};

class Histogram {
 public:
  explicit Histogram(prometheus::Histogram& series) : series_(&series) {}
  void observe(double value);

 private:
  prometheus::Histogram* series_;
};

// Upper bounds in seconds for durations, in bytes for sizes.
const std::vector<double>& duration_buckets();  // 0.001 … 10
const std::vector<double>& size_buckets();      // 256 × 4^n, n = 0..8

struct MetricsOptions {
  uint32_t series_max = 20000;  // of all families together
  uint32_t families_max = 2000;
  uint32_t label_bytes_max = 256;  // of one value; the rest is cut
};

class Metrics {
 public:
  explicit Metrics(MetricsOptions options = {});
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // Each finds or creates one series.
  //
  //   name      Prometheus name with its unit; counters end in _total
  //   labels    every series of a family has the same label names; malformed UTF-8 is replaced
  //   returns   beyond series_max: the family's overflow series, all label values "_overflow",
  //             and metrics_series_dropped_total counts the call
  //   throws    Invalid    a name that Prometheus does not allow; a family of that name with
  //   another
  //                        type, help, label names or buckets
  //             Exhausted  families_max
  //   thread    [any], takes a lock: not for the hot path
  Counter counter(const std::string& name, const std::string& help, const Labels& labels = {});
  Gauge gauge(const std::string& name, const std::string& help, const Labels& labels = {});
  Histogram histogram(const std::string& name, const std::string& help,
                      const std::vector<double>& buckets, const Labels& labels = {});

  // Called at the start of every text(): sets gauges whose value is only worth computing then.
  // For parts of the host that live as long as this.  [setup]
  void before_text(std::function<void()> refresh);

  // All series in the text format 0.0.4.  [worker]
  std::string text();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gantry::observe
