// A real server on a free port with a handler that tests can look into.
#pragma once
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/http/server.hpp"

namespace gantry::http {

class SteadyClock final : public base::Clock {
 public:
  Instant now() const override {
    using namespace std::chrono;
    return Instant(duration_cast<microseconds>(system_clock::now().time_since_epoch()).count());
  }
  int64_t monotonic_ns() const override {
    using namespace std::chrono;
    return duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count();
  }
};

// Answers with method, target and body unless a test gives a path another answer.
class EchoHandler final : public pipeline::Handler {
 public:
  using Action = std::function<void(pipeline::Exchange&)>;

  // Before the server starts.
  void on_head(const std::string& path, Action action) { heads_[path] = std::move(action); }
  void on(const std::string& path, Action action) { actions_[path] = std::move(action); }

  // Targets of the requests that reached request(), in order. [any]
  std::vector<std::string> seen() {
    const std::lock_guard lock(mutex_);
    return seen_;
  }
  int ended(bool sent) {
    const std::lock_guard lock(mutex_);
    return sent ? sent_ : lost_;
  }
  // Waits, bounded, until so many exchanges have ended that way.
  bool wait_ended(bool sent, int count) {
    std::unique_lock lock(mutex_);
    return ended_.wait_for(lock, std::chrono::seconds(20),
                           [&] { return (sent ? sent_ : lost_) >= count; });
  }

  void head(pipeline::Exchange& exchange) override {
    const auto found = heads_.find(std::string(exchange.request.path));
    if (found != heads_.end()) found->second(exchange);
  }
  void request(pipeline::Exchange& exchange) override {
    {
      const std::lock_guard lock(mutex_);
      seen_.emplace_back(exchange.request.target);
    }
    const auto found = actions_.find(std::string(exchange.request.path));
    if (found != actions_.end()) {
      found->second(exchange);
      return;
    }
    exchange.response.status = 200;
    exchange.response.body.append(exchange.request.method).append(" ");
    exchange.response.body.append(exchange.request.target).append(" ");
    exchange.response.body.append(exchange.request.body);
    exchange.transport->send(exchange);
  }
  void refuse(pipeline::Exchange& exchange, int status, std::string_view code,
              std::string_view detail) override {
    exchange.response.status = status;
    exchange.response.body.append(code).append(": ").append(detail);
  }
  void ended(pipeline::Exchange&, bool sent) override {
    const std::lock_guard lock(mutex_);
    ++(sent ? sent_ : lost_);
    ended_.notify_all();
  }

 private:
  std::map<std::string, Action> heads_;
  std::map<std::string, Action> actions_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::vector<std::string> seen_;
  int sent_ = 0;
  int lost_ = 0;
};

struct TestEdge {
  explicit TestEdge(const Limits& limits = {}, unsigned loops = 1)
      : server(limits, clock, handler, {"127.0.0.1:0"}, loops) {}
  uint16_t start() {
    server.start();
    return server.port();
  }

  SteadyClock clock;
  EchoHandler handler;
  Server server;
};

inline std::string get(std::string_view target, std::string_view headers = "") {
  return std::string("GET ")
      .append(target)
      .append(" HTTP/1.1\r\nHost: a\r\n")
      .append(headers)
      .append("\r\n");
}

}  // namespace gantry::http
