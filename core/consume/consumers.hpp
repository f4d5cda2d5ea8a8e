// Consumers: everything that reads the log, by owner (a plugin's id). Start here for what a
// consumer is promised; consumer.hpp says what it must do itself.
//
// Several instances may share the databases: each consumer runs on one of them at a time, the one
// that has its lease, and the others stand by (ADR-0015).
//
// Of one owner, add, start, stop and remove are called one at a time ([setup]); different owners
// are independent, also while one of them is stuck. All other members are [any].
#pragma once
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/consume/lease_keeper.hpp"
#include "core/consume/runner.hpp"

namespace gantry::consume {

class Consumers {
 public:
  // The references outlive this. `database` gives a logical database by name; each of those that
  // rows live in, and "events", has the table es_checkpoint. `instance` tells this one from the
  // others; a lease under it is taken for left over from before a crash.
  Consumers(log::Log& log, EventSource& source,
            std::function<sql::Database&(std::string_view name)> database, const Limits& limits,
            const base::Clock& clock, observe::Logger& logger, observe::Metrics& metrics,
            const std::string& instance);
  // Stops all owners and waits for their code to return.
  ~Consumers();
  Consumers(const Consumers&) = delete;
  Consumers& operator=(const Consumers&) = delete;

  // Takes a consumer over; it does nothing before start().
  //   throws  Conflict  another one has that name
  void add(const std::string& owner, Projection projection);
  void add(const std::string& owner, Process process);

  // Starts the owner's consumers where their checkpoints are, those that are stopped; each works
  // once it has its lease.
  //   throws  Conflict  one has not come to its stop yet (see stop)
  void start(const std::string& owner);

  // Lets each consumer finish the event or batch under way, commits, and returns when no call into
  // the owner's code runs or can begin and the leases are free for other instances. Nothing is lost
  // or done twice by a later start(). Not from a consumer's own code.
  //
  //   returns  names of those that still run after `within`; call again to wait longer
  std::vector<std::string> stop(const std::string& owner, std::chrono::milliseconds within);

  // Forgets the owner's consumers and lets go of its code. Those who wait for them are told no.
  //   throws  Conflict  one is not stopped
  void remove(const std::string& owner);

  // The position up to which everything is done, here or on the instance that runs it (of which
  // this one hears after consume.standby_poll_ms; those who wait, after standby_follow_ms).
  //   throws  NotFound  no consumer of that name; so do the next two
  log::Position position(const std::string& name) const;

  // Blocks until `name` has reached `position`; false when it has not `within` that time.
  bool wait_for(const std::string& name, log::Position position, std::chrono::milliseconds within);

  // Calls back exactly once, from a consumer's thread or a timer's, never from this call: true when
  // `name` has reached `position`, false when it has not in time, goes away, or too many wait
  // (waiters_max). `callback` must be quick and must not throw.
  void when(const std::string& name, log::Position position, uint32_t timeout_ms,
            std::function<void(bool reached)> callback);

  // All consumers by name, for admins and health.
  std::vector<ConsumerStatus> list() const;

 private:
  using Runners = std::vector<std::shared_ptr<Runner>>;
  template <class MakeRunner>
  void add_runner(const std::string& name, MakeRunner make);
  Runners all() const;
  Runners of(const std::string& owner) const;
  std::shared_ptr<Progress> progress_of(const std::string& name) const;
  void watch_head();

  observe::Metrics& metrics_;
  runtime::Timers timers_;
  runtime::Workers pool_;
  Ports ports_;

  mutable std::mutex
      mutex_;        // guards runners_ and ending_; never held while a consumer is waited for
  Runners runners_;  // ascending by name
  bool ending_ = false;
  std::condition_variable ended_;
  runtime::Thread watch_;
  LeaseKeeper keeper_;
};

}  // namespace gantry::consume
