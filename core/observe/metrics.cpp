#include "core/observe/metrics.hpp"

#include <prometheus/check_names.h>
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <mutex>
#include <variant>

#include "core/observe/utf8.hpp"
#include "gantry/error.hpp"
#include "gantry/text.hpp"

namespace gantry::observe {

void Counter::add(double amount) { series_->Increment(amount); }
double Counter::value() const { return series_->Value(); }
void Gauge::set(double value) { series_->Set(value); }
void Gauge::add(double amount) { series_->Increment(amount); }
double Gauge::value() const { return series_->Value(); }
void Histogram::observe(double value) { series_->Observe(value); }

const std::vector<double>& duration_buckets() {
  static const std::vector<double> kBuckets{0.001, 0.005, 0.01, 0.025, 0.05, 0.1,
                                            0.25,  0.5,   1,    2.5,   5,    10};
  return kBuckets;
}

const std::vector<double>& size_buckets() {
  static const std::vector<double> kBuckets{256,    1024,    4096,    16384,   65536,
                                            262144, 1048576, 4194304, 16777216};
  return kBuckets;
}

namespace {

constexpr std::string_view kOverflow = "_overflow";

template <class Series>
struct Members {
  prometheus::Family<Series>* family;
  std::map<Labels, Series*> series;
};

struct Family {
  std::string help;
  std::vector<std::string> label_names;
  std::vector<double> buckets;
  std::variant<Members<prometheus::Counter>, Members<prometheus::Gauge>,
               Members<prometheus::Histogram>>
      members;
};

std::vector<std::string> names_of(const Labels& labels) {
  std::vector<std::string> names;
  for (const auto& [name, value] : labels) names.push_back(name);
  return names;
}

void check_names(const std::string& name, const Labels& labels) {
  if (!prometheus::CheckMetricName(name)) {
    throw Error(Code::kInvalid, join("\"", name, "\" is not a metric name"));
  }
  for (const auto& [label, value] : labels) {
    if (!prometheus::CheckLabelName(label) || label == "le") {
      throw Error(Code::kInvalid, join("\"", label, "\" is not a label name (metric ", name, ")"));
    }
  }
}

void check_buckets(const std::string& name, const std::vector<double>& buckets) {
  if (std::adjacent_find(buckets.begin(), buckets.end(), std::greater_equal<>()) != buckets.end()) {
    throw Error(Code::kInvalid, join("buckets of ", name, " do not ascend"));
  }
}

auto builder_of(const prometheus::Counter*) { return prometheus::BuildCounter(); }
auto builder_of(const prometheus::Gauge*) { return prometheus::BuildGauge(); }
auto builder_of(const prometheus::Histogram*) { return prometheus::BuildHistogram(); }

}  // namespace

struct Metrics::State {
  explicit State(const MetricsOptions& o) : options(o) {}

  const MetricsOptions options;
  std::mutex mutex;  // guards all below; the registry has its own for the series' values
  prometheus::Registry registry;
  std::map<std::string, Family> families;
  uint64_t series_count = 0;
  prometheus::Counter* dropped = nullptr;
  std::vector<std::function<void()>> refreshers;

  Labels bounded(const Labels& labels) const {
    Labels out;
    for (const auto& [name, value] : labels) {
      out[name] = well_formed(cut(value, options.label_bytes_max));
    }
    return out;
  }

  template <class Series>
  Family& family_of(const std::string& name, const std::string& help, const Labels& labels,
                    const std::vector<double>& buckets) {
    const auto it = families.find(name);
    if (it == families.end()) {
      check_names(name, labels);
      check_buckets(name, buckets);
      if (families.size() >= options.families_max) {
        throw Error(Code::kExhausted, join("more than ", options.families_max, " metric names"));
      }
      auto& family =
          builder_of(static_cast<Series*>(nullptr)).Name(name).Help(help).Register(registry);
      return families
          .emplace(name, Family{help, names_of(labels), buckets, Members<Series>{&family, {}}})
          .first->second;
    }
    Family& family = it->second;
    const auto refuse = [&](std::string_view what) {
      throw Error(Code::kInvalid, join("metric ", name, " exists with another ", what));
    };
    if (!std::holds_alternative<Members<Series>>(family.members)) refuse("type");
    if (family.help != help) refuse("help text");
    if (family.label_names != names_of(labels)) refuse("set of label names");
    if (family.buckets != buckets) refuse("set of buckets");
    return family;
  }

  template <class Series, class... Arguments>
  Series& find(const std::string& name, const std::string& help, const Labels& wanted,
               const std::vector<double>& buckets, const Arguments&... arguments) {
    Labels labels = bounded(wanted);
    const std::lock_guard lock(mutex);
    auto& members =
        std::get<Members<Series>>(family_of<Series>(name, help, labels, buckets).members);
    if (const auto it = members.series.find(labels); it != members.series.end()) return *it->second;
    if (!labels.empty() && series_count >= options.series_max) {
      dropped->Increment();
      for (auto& [label, value] : labels) value = kOverflow;
      if (const auto it = members.series.find(labels); it != members.series.end())
        return *it->second;
    } else {
      ++series_count;
    }
    Series& series = members.family->Add(labels, arguments...);
    members.series.emplace(std::move(labels), &series);
    return series;
  }
};

Metrics::Metrics(MetricsOptions options) : state_(new State(options)) {
  state_->dropped = &state_->find<prometheus::Counter>(
      "metrics_series_dropped_total", "Requests for a series beyond the bound on series.", {}, {});
}

Metrics::~Metrics() = default;

Counter Metrics::counter(const std::string& name, const std::string& help, const Labels& labels) {
  return Counter(state_->find<prometheus::Counter>(name, help, labels, {}));
}

Gauge Metrics::gauge(const std::string& name, const std::string& help, const Labels& labels) {
  return Gauge(state_->find<prometheus::Gauge>(name, help, labels, {}));
}

Histogram Metrics::histogram(const std::string& name, const std::string& help,
                             const std::vector<double>& buckets, const Labels& labels) {
  return Histogram(state_->find<prometheus::Histogram>(name, help, labels, buckets, buckets));
}

void Metrics::before_text(std::function<void()> refresh) {
  const std::lock_guard lock(state_->mutex);
  state_->refreshers.push_back(std::move(refresh));
}

std::string Metrics::text() {
  std::vector<std::function<void()>> refreshers;
  {
    const std::lock_guard lock(state_->mutex);
    refreshers = state_->refreshers;
  }
  for (const auto& refresh : refreshers) refresh();
  return prometheus::TextSerializer().Serialize(state_->registry.Collect());
}

}  // namespace gantry::observe
