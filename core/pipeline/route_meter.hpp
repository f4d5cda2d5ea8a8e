// RouteMeter: the HTTP metrics of one route, by status. A series is looked up in the registry when
// its status is first answered; after that a request costs no lookup.
#pragma once
#include <atomic>
#include <string_view>

#include "core/observe/metrics.hpp"

namespace gantry::pipeline {

class RouteMeter {
 public:
  RouteMeter() = default;
  ~RouteMeter();
  RouteMeter(const RouteMeter&) = delete;
  RouteMeter& operator=(const RouteMeter&) = delete;

  // Counts one answer.  [io], all loops at once
  void count(observe::Metrics& metrics, std::string_view method, std::string_view path, int status,
             double seconds);

 private:
  struct Series;
  std::atomic<Series*> first_{nullptr};  // list; only ever grows at its head
};

}  // namespace gantry::pipeline
