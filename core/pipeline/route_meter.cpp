#include "core/pipeline/route_meter.hpp"

#include <memory>
#include <string>

#include "gantry/text.hpp"

namespace gantry::pipeline {

struct RouteMeter::Series {
  int status;
  bool head;  // HEAD is counted apart from GET
  observe::Counter requests;
  observe::Histogram seconds;
  Series* next;
};

RouteMeter::~RouteMeter() {
  for (Series* at = first_.load(); at;) {
    const std::unique_ptr<Series> owned(at);
    at = owned->next;
  }
}

void RouteMeter::count(observe::Metrics& metrics, std::string_view method, std::string_view path,
                       int status, double seconds) {
  const bool head = method == "HEAD";
  Series* at = first_.load(std::memory_order_acquire);
  while (at && (at->status != status || at->head != head)) at = at->next;
  if (!at) {
    const observe::Labels labels = {
        {"method", std::string(method)}, {"path", std::string(path)}, {"status", to_text(status)}};
    // Two loops may both add a Series of one status; the registry gives them the same time series.
    auto made = std::make_unique<Series>(
        Series{status, head, metrics.counter("http_requests_total", "Answered requests.", labels),
               metrics.histogram("http_request_duration_seconds",
                                 "From the last header byte to the last byte handed to the socket.",
                                 observe::duration_buckets(), labels),
               first_.load(std::memory_order_relaxed)});
    while (!first_.compare_exchange_weak(made->next, made.get(), std::memory_order_release,
                                         std::memory_order_relaxed)) {
    }
    at = made.release();
  }
  at->requests.add();
  at->seconds.observe(seconds);
}

}  // namespace gantry::pipeline
