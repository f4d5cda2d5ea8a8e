// LeaseKeeper: one thread that looks after the leases of all consumers, so that neither a slow
// event nor a pool that is busy costs a lease: it renews those held here and looks at the rows of
// those that other instances have, often while somebody waits for one of them.
#pragma once
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "core/consume/runner.hpp"
#include "core/runtime/thread.hpp"

namespace gantry::consume {

class LeaseKeeper {
 public:
  using Runners = std::vector<std::shared_ptr<Runner>>;

  // `runners` gives those there are at the moment, from the keeper's thread.
  LeaseKeeper(std::function<Runners()> runners, const Limits& limits, observe::Logger& logger);
  ~LeaseKeeper() { end(); }
  LeaseKeeper(const LeaseKeeper&) = delete;
  LeaseKeeper& operator=(const LeaseKeeper&) = delete;

  // Somebody began to wait for a consumer that runs elsewhere.  Quick.  [any]
  void look_sooner();

  // Returns when the thread has ended.  [setup]
  void end();

 private:
  void run();
  Runner::Time round();

  const std::function<Runners()> runners_;
  const std::chrono::milliseconds tick_;
  observe::Logger& logger_;
  std::set<std::string> away_;  // databases that failed in the last round; the thread's only
  std::mutex mutex_;            // guards both; never held in a round
  bool sooner_ = false;
  bool ending_ = false;
  std::condition_variable changed_;
  runtime::Thread thread_;
};

}  // namespace gantry::consume
