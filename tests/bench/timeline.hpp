// Timeline: when answers came and how long they took; percentiles, and a chart as one HTML file.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace gantry::bench {

class Timeline {
 public:
  void add(int64_t at_ns, int64_t took_ns) { points_.push_back({at_ns, took_ns}); }
  size_t count() const { return points_.size(); }
  double percentile_ms(double percent) const;  // 0 when there is none
  // The share `percent` of them had come at, in seconds after `from_ns`.
  double reached_s(double percent, int64_t from_ns) const;

  // Answers for each second over time and the latency of each answer, side by side.
  void write_chart(const std::string& file, const std::string& title, const std::string& caption,
                   int64_t from_ns) const;

 private:
  struct Point {
    int64_t at_ns, took_ns;
  };
  std::vector<Point> points_;
};

}  // namespace gantry::bench
