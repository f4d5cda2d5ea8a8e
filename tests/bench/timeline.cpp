#include "tests/bench/timeline.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iomanip>
#include <sstream>

namespace gantry::bench {
namespace {

constexpr double kWidth = 900, kHeight = 260, kLeft = 70, kTop = 30, kBottom = 40;

// One plot: axes with four marks each, `marks` drawn inside.
std::string plot(const std::string& title, double x_max, double y_max, const std::string& y_unit,
                 const std::string& marks) {
  std::ostringstream out;
  out << std::fixed << std::setprecision(y_max < 10 ? 2 : 0);
  const double w = kWidth - kLeft - 20, h = kHeight - kTop - kBottom;
  out << "<svg viewBox=\"0 0 " << kWidth << ' ' << kHeight << "\" role=\"img\" aria-label=\""
      << title << "\"><text class=\"t\" x=\"" << kLeft << "\" y=\"18\">" << title << "</text>";
  for (int i = 0; i <= 4; ++i) {
    const double y = kTop + h - h * i / 4;
    out << "<line class=\"g\" x1=\"" << kLeft << "\" x2=\"" << kLeft + w << "\" y1=\"" << y
        << "\" y2=\"" << y << "\"/><text x=\"" << kLeft - 6 << "\" y=\"" << y + 4
        << "\" text-anchor=\"end\">" << y_max * i / 4 << y_unit << "</text>";
    const double x = kLeft + w * i / 4;
    out << "<text x=\"" << x << "\" y=\"" << kTop + h + 18 << "\" text-anchor=\"middle\">"
        << std::setprecision(2) << x_max * i / 4 << " s</text>"
        << std::setprecision(y_max < 10 ? 2 : 0);
  }
  out << "<g transform=\"translate(" << kLeft << ',' << kTop + h << ") scale(" << w / x_max << ','
      << -h / y_max << ")\">" << marks << "</g></svg>";
  return out.str();
}

double round_up(double value) {
  const double step = std::pow(10, std::floor(std::log10(std::max(value, 1e-3))));
  return std::ceil(value / step) * step;
}

}  // namespace

double Timeline::percentile_ms(double percent) const {
  if (points_.empty()) return 0;
  std::vector<int64_t> took;
  for (const Point& point : points_) took.push_back(point.took_ns);
  std::sort(took.begin(), took.end());
  const auto at = static_cast<size_t>(static_cast<double>(took.size() - 1) * percent / 100);
  return static_cast<double>(took[at]) / 1e6;
}

double Timeline::reached_s(double percent, int64_t from_ns) const {
  if (points_.empty()) return 0;
  std::vector<int64_t> at;
  for (const Point& point : points_) at.push_back(point.at_ns);
  std::sort(at.begin(), at.end());
  const auto which = static_cast<size_t>(static_cast<double>(at.size() - 1) * percent / 100);
  return static_cast<double>(at[which] - from_ns) / 1e9;
}

void Timeline::write_chart(const std::string& file, const std::string& title,
                           const std::string& caption, int64_t from_ns) const {
  double x_max = 0.1, took_max = 0.1;
  for (const Point& point : points_) {
    x_max = std::max(x_max, static_cast<double>(point.at_ns - from_ns) / 1e9);
    took_max = std::max(took_max, static_cast<double>(point.took_ns) / 1e6);
  }
  const size_t slots = 50;
  const double slot_s = x_max / slots;
  std::vector<double> rate(slots, 0);
  for (const Point& point : points_) {
    const double x = static_cast<double>(point.at_ns - from_ns) / 1e9;
    rate[std::min(slots - 1, static_cast<size_t>(x / slot_s))] += 1 / slot_s;
  }
  const double rate_max = round_up(*std::max_element(rate.begin(), rate.end()));
  took_max = round_up(took_max);
  std::ostringstream bars, dots;
  for (size_t i = 0; i < slots; ++i) {
    bars << "<rect class=\"b\" x=\"" << static_cast<double>(i) * slot_s << "\" y=\"0\" width=\""
         << slot_s * 0.9 << "\" height=\"" << rate[i] << "\"/>";
  }
  const size_t step = points_.size() / 4000 + 1;  // more dots than that only blacken the page
  for (size_t i = 0; i < points_.size(); i += step) {
    const double x = static_cast<double>(points_[i].at_ns - from_ns) / 1e9;
    const double y = static_cast<double>(points_[i].took_ns) / 1e6;
    dots << "<ellipse class=\"d\" cx=\"" << x << "\" cy=\"" << y << "\" rx=\"" << x_max / 500
         << "\" ry=\"" << took_max / 150 << "\"/>";
  }
  std::ofstream out(file);
  out << "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>" << title
      << "</title><style>body{font:14px system-ui,sans-serif;max-width:940px;margin:2em auto}"
         "svg{width:100%}text{font-size:12px;fill:#444}.t{font-size:14px;fill:#000}"
         ".g{stroke:#ddd}.b{fill:#2a6f97}.d{fill:#c1121f;opacity:.35}</style><h1>"
      << title << "</h1><p>" << caption << "</p>"
      << plot("holds answered per second", x_max, rate_max, "", bars.str())
      << plot("time from when the buyer wanted the hold to its answer", x_max, took_max, " ms",
              dots.str())
      << "</html>\n";
}

}  // namespace gantry::bench
