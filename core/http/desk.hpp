// Edge and Desk: what all loops share, and what the connections of one loop share.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/http/addresses.hpp"
#include "core/http/buffers.hpp"
#include "core/http/counters.hpp"
#include "core/http/exchanges.hpp"
#include "core/http/limits.hpp"
#include "core/http/response_writer.hpp"
#include "core/http/timers.hpp"
#include "core/pipeline/exchange.hpp"

namespace gantry::http {

class Connection;

// [any] thread.
struct Edge {
  const base::Clock& clock;
  pipeline::Handler& handler;
  Addresses addresses{};
  std::atomic<uint32_t> connections{0};
  std::atomic<bool> closing{false};   // every answer says close
  std::atomic<bool> draining{false};  // somebody waits for connections to reach 0
  std::mutex mutex{};
  std::condition_variable empty{};

  void left() {
    if (connections.fetch_sub(1) != 1 || !draining.load()) return;
    const std::lock_guard lock(mutex);  // or the waiter could miss it
    empty.notify_all();
  }
};

// Loop thread only, but for the counters.
struct Desk {
  Desk(Edge& shared, pipeline::Loop& loop, const Limits& initial)
      : edge(shared),
        limits(initial),
        now_ns(shared.clock.monotonic_ns()),
        wheel(now_ns),
        exchanges(loop) {}

  Edge& edge;
  Limits limits;
  int64_t now_ns;  // read once per wake-up
  Wheel wheel;
  Buffers buffers;
  Exchanges exchanges;
  DateLine date;
  std::string scratch;  // the answer being written; never kept across calls
  LoopCounters counters;
  std::vector<Connection*> scheduled;  // go on with these before the loop sleeps
  std::vector<Connection*> closed;     // destroyed when nobody can refer to them any more
};

// What epoll reports on.
class Source {
 public:
  virtual void ready(uint32_t events) = 0;

 protected:
  ~Source() = default;
};

}  // namespace gantry::http
