// HealthBoard: runs the health checks of plugins and host, and knows their last results and what
// else keeps the server from being ready. What gantry.health/1 reads.
#pragma once
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/observe/log.hpp"
#include "core/runtime/thread.hpp"
#include "gantry/abi/base.h"

namespace gantry::plugins {

struct HealthCheck {
  std::string name;  // "payments.provider", "event_store"
  bool critical = false;
  std::chrono::milliseconds timeout{1000};
  // GANTRY_OK: healthy; else one word into `detail`. On the check's own thread, may block; never
  // twice at once.
  std::function<gantry_rc(std::string& detail)> check;
};

struct HealthResult {
  std::string name;
  bool critical = false;
  bool healthy = false;
  std::string detail;  // empty when healthy; "pending" before the first answer
  std::chrono::milliseconds duration{0};
};

class HealthBoard {
 public:
  HealthBoard(std::chrono::milliseconds interval, const base::Clock& clock,
              observe::Logger& logger);
  // Waits two seconds for checks that run; one that hangs is left behind with its thread and a log
  // line.
  ~HealthBoard();
  HealthBoard(const HealthBoard&) = delete;
  HealthBoard& operator=(const HealthBoard&) = delete;

  // Each check gets a thread that runs it at once and then every `interval`; so one that hangs
  // holds up no other, and counts as failed ("timeout") once it is late.  [setup]
  void add(const std::string& owner, std::vector<HealthCheck> checks);
  // Takes the owner's checks away. False: one of them still runs at the deadline, try again later.
  // [setup]
  bool remove(const std::string& owner, std::chrono::steady_clock::time_point deadline);

  std::vector<HealthResult> results() const;  // by name [any]

  // Something that keeps the server from being ready while it is there: "starting", "draining", a
  // missing middleware. An empty reason takes it away.  [any]
  void block(const std::string& name, std::string reason);
  // Empty when ready, else the first reason.  [any]
  std::string not_ready() const;

  // Whether loops and workers make progress; set once, at start. Must not block.
  void set_liveness(std::function<bool()> live);
  bool live() const;           // [any]
  uint64_t uptime_ms() const;  // [any]

 private:
  struct State;
  struct Probe;
  using StatePtr = std::shared_ptr<State>;  // second owner: each probe's thread
  using ProbePtr = std::shared_ptr<Probe>;  // second owner: its own thread
  struct Running {
    ProbePtr probe;
    runtime::Thread thread;
  };
  static void run(const StatePtr& state, Probe& probe, const base::Clock& clock,
                  std::chrono::milliseconds interval);
  HealthResult result_of(const Probe& probe) const;

  const std::chrono::milliseconds interval_;
  const base::Clock& clock_;
  observe::Logger& logger_;
  const int64_t started_ns_;
  const StatePtr state_;  // its mutex guards all below; no check runs under it
  std::vector<Running> probes_;
  std::map<std::string, std::string> blocks_;
  std::function<bool()> live_;
};

}  // namespace gantry::plugins
