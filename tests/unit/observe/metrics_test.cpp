#include "core/observe/metrics.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "gantry/error.hpp"

namespace gantry::observe {
namespace {

using testing::HasSubstr;

Code code_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& e) {
    return e.code();
  }
  return Code::kOk;
}

TEST(Metrics, RendersEachKindAsPrometheusText) {
  Metrics metrics;
  metrics.counter("orders_total", "Orders.", {{"result", "ok"}}).add(2);
  metrics.gauge("queue_tasks", "Waiting.").set(7);
  metrics.histogram("wait_seconds", "Waited.", {0.1, 1}).observe(0.5);
  const std::string text = metrics.text();
  EXPECT_THAT(text, HasSubstr("# HELP orders_total Orders."));
  EXPECT_THAT(text, HasSubstr("# TYPE orders_total counter"));
  EXPECT_THAT(text, HasSubstr("orders_total{result=\"ok\"} 2"));
  EXPECT_THAT(text, HasSubstr("queue_tasks 7"));
  EXPECT_THAT(text, HasSubstr("wait_seconds_bucket{le=\"0.1\"} 0"));
  EXPECT_THAT(text, HasSubstr("wait_seconds_bucket{le=\"1\"} 1"));
  EXPECT_THAT(text, HasSubstr("wait_seconds_count 1"));
}

TEST(Metrics, TheSameNameAndLabelsAreTheSameSeries) {
  Metrics metrics;
  metrics.counter("calls_total", "Calls.", {{"plugin", "payments"}}).add();
  metrics.counter("calls_total", "Calls.", {{"plugin", "payments"}}).add();
  metrics.counter("calls_total", "Calls.", {{"plugin", "auth"}}).add();
  EXPECT_EQ(metrics.counter("calls_total", "Calls.", {{"plugin", "payments"}}).value(), 2);
}

TEST(Metrics, RefusesAFamilyThatContradictsAnEarlierOne) {
  Metrics metrics;
  metrics.histogram("size_bytes", "Size.", size_buckets(), {{"path", "/"}});
  const Labels path{{"path", "/"}};
  EXPECT_EQ(code_of([&] { metrics.counter("size_bytes", "Size.", path); }), Code::kInvalid);
  EXPECT_EQ(code_of([&] { metrics.histogram("size_bytes", "Sizes.", size_buckets(), path); }),
            Code::kInvalid);
  EXPECT_EQ(code_of([&] {
              metrics.histogram("size_bytes", "Size.", {1, 2}, path);
            }),
            Code::kInvalid);
  EXPECT_EQ(code_of([&] { metrics.histogram("size_bytes", "Size.", size_buckets()); }),
            Code::kInvalid);
}

TEST(Metrics, RefusesNamesThatPrometheusDoesNotAllow) {
  Metrics metrics;
  EXPECT_EQ(code_of([&] { metrics.counter("1st", "x"); }), Code::kInvalid);
  EXPECT_EQ(code_of([&] { metrics.counter("a_total", "x", {{"b-c", "1"}}); }), Code::kInvalid);
  EXPECT_EQ(code_of([&] { metrics.counter("a_total", "x", {{"__name__", "1"}}); }), Code::kInvalid);
  EXPECT_EQ(code_of([&] { metrics.histogram("h", "x", {2, 1}); }), Code::kInvalid);
}

TEST(Metrics, BeyondTheBoundCountsIntoOneOverflowSeries) {
  Metrics metrics({.series_max = 3});  // one of them is metrics_series_dropped_total
  const auto hit = [&](const char* user) {
    metrics.counter("hits_total", "Hits.", {{"user", user}}).add();
  };
  hit("a");
  hit("b");
  hit("c");
  hit("d");
  hit("a");
  EXPECT_THAT(metrics.text(), HasSubstr("hits_total{user=\"_overflow\"} 2"));
  EXPECT_THAT(metrics.text(), HasSubstr("hits_total{user=\"a\"} 2"));
  EXPECT_THAT(metrics.text(), HasSubstr("metrics_series_dropped_total 2"));
}

TEST(Metrics, BoundsTheNumberOfFamilies) {
  Metrics metrics({.families_max = 2});
  metrics.gauge("a", "x");
  EXPECT_EQ(code_of([&] { metrics.gauge("b", "x"); }), Code::kExhausted);
}

TEST(Metrics, ALabelValueCannotBreakTheText) {
  Metrics metrics({.label_bytes_max = 4});
  metrics.counter("x_total", "x", {{"v", "\"\n\xFFlong"}}).add();
  EXPECT_THAT(metrics.text(), HasSubstr("x_total{v=\"\\\"\\n\xEF\xBF\xBDl\"} 1"));
}

TEST(Metrics, RefreshesBeforeRendering) {
  Metrics metrics;
  Gauge depth = metrics.gauge("depth", "x");
  metrics.before_text([&] { depth.set(5); });
  EXPECT_THAT(metrics.text(), HasSubstr("depth 5"));
}

TEST(Metrics, CountsFromManyThreads) {
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      Counter counter = metrics.counter("n_total", "x", {{"a", "b"}});
      Histogram histogram = metrics.histogram("h_seconds", "x", duration_buckets());
      for (int i = 0; i < 1000; ++i) counter.add(), histogram.observe(0.01);
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(metrics.counter("n_total", "x", {{"a", "b"}}).value(), 4000);
  EXPECT_THAT(metrics.text(), HasSubstr("h_seconds_count 4000"));
}

}  // namespace
}  // namespace gantry::observe
