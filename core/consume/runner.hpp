// Runner: one consumer at work, whatever its kind. Consumers starts and stops it.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/consume/bookmark.hpp"
#include "core/consume/checkpoint.hpp"
#include "core/consume/consumer.hpp"
#include "core/consume/event_source.hpp"
#include "core/consume/lease.hpp"
#include "core/consume/limits.hpp"
#include "core/consume/progress.hpp"
#include "core/consume/retry.hpp"
#include "core/observe/log.hpp"
#include "core/observe/metrics.hpp"
#include "core/runtime/timers.hpp"
#include "core/runtime/workers.hpp"
#include "core/sql/database.hpp"

namespace gantry::consume {

enum class Kind : uint8_t { kProjection, kProcess };
std::string_view name_of(Kind kind);  // "projection" "process"

enum class State : uint8_t {
  kStopped,   // not started, or stopped in order
  kRunning,   // reads, or waits for the next event
  kStandby,   // another instance has the lease; this one takes over when that one is gone
  kRetrying,  // an event fails; it (a process: its stream) waits for the next attempt
  kStopping,  // asked to stop, still inside the owner's code or a commit
  kHalted,    // cannot go on without a person: its checkpoint or the log is not the one it knows
};
std::string_view name_of(State state);  // "stopped" "running" …

struct ConsumerStatus {
  std::string name;
  std::string owner;
  Kind kind = Kind::kProjection;
  uint32_t version = 0;
  log::Position position = 0;
  int64_t lag = 0;  // events of the log it has not passed yet
  State state = State::kStopped;
  std::string reason;       // one sentence, empty while all is well
  std::string instance;     // that has the lease, as far as known; empty: nobody
  int64_t lease_epoch = 0;  // how often the lease was taken
};

// What every runner needs from around it; all outlive the runners.
struct Ports {
  log::Log& log;
  EventSource& source;
  std::function<sql::Database&(std::string_view)> database;
  const Limits limits;
  const base::Clock& clock;
  observe::Logger& logger;
  runtime::Timers& timers;
  runtime::Workers& pool;
  const std::string instance;         // this one, as the owner of leases
  std::function<void()> look_sooner;  // tells the keeper of the leases that somebody waits
};

// Counters of one consumer; the label values of the event bus are its name and the topic "log".
struct ConsumerMetrics {
  ConsumerMetrics(observe::Metrics& metrics, const std::string& name);
  observe::Counter ok;
  observe::Counter failed;
  observe::Histogram seconds;
  observe::Gauge lag;
  observe::Gauge lease_held;
  observe::Gauge lease_epoch;
};

class Runner {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // `database` has the checkpoint.
  Runner(Ports& ports, observe::Metrics& metrics, std::string owner, std::string name, Kind kind,
         uint32_t version, std::string database);
  virtual ~Runner() = default;

  const std::string& name() const { return name_; }
  const std::string& owner() const { return owner_; }
  Progress& progress() { return *progress_; }
  std::shared_ptr<Progress> shared_progress() { return progress_; }  // for those who wait in it
  ConsumerStatus status() const;                                     // [any]

  // Begins at the checkpoint, once it has the lease.  throws Conflict  it runs, or has not come to
  // its stop yet  [setup]
  virtual void start() = 0;
  // No event or batch is begun after this.  [setup]
  virtual void ask_stop() = 0;
  // True once no call into the owner's code runs or can begin, and the lease is given back. [setup]
  virtual bool wait_stopped(std::chrono::milliseconds within) = 0;
  // Lets go of the owner's code; only when stopped, and for good.  [setup]
  virtual void release() = 0;
  // The log has grown.  Quick.
  virtual void head_moved(log::Position head) = 0;
  void show_lag(log::Position head);

  // What is due for the lease: renews it, or looks at the row of the one that has it. Returns when
  // to come again at the latest.
  //   throws  as sql::Session; `now` counts as the last time
  //   thread  of the keeper of the leases; blocks on I/O
  Time tend_lease(Time now);
  const std::string& database_name() const { return database_; }

 protected:
  struct Condition {
    State state;
    std::string reason;
  };
  virtual Condition condition() const = 0;
  // The lease may be had, or was renewed or lost: see what is to be done. Quick.
  virtual void lease_turned() = 0;

  sql::Database& database() const { return ports_.database(database_); }
  // Asks for the lease; false: another instance has it, and tend_lease() looks when it goes.
  bool take_lease(Standing& row);
  // From here on somebody else's or nobody's. Quick; logs.
  void lease_is_lost();
  // Gives it back; what fails is logged, then it ends by itself.
  void release_lease();
  // Not to be looked after any more (until the next take_lease).
  void leave_standby() { standby_ = false; }
  void tell_progress(log::Position position);
  void log_failure(log::Position position, const Failure& failure, uint32_t attempt);
  // Says what a person must do; `database` is where its checkpoint is.
  void log_halt(const Halt& halt, std::string_view database);

  Ports& ports_;
  ConsumerMetrics metrics_;
  const std::string database_;
  const Checkpoint checkpoint_;
  Lease lease_;
  Bookmark bookmark_;  // not for the keeper's thread

 private:
  Time look_at_row(Time now);
  void show_lease();

  const std::string owner_;
  const std::string name_;
  const Kind kind_;
  const uint32_t version_;
  std::atomic<bool> standby_ = false;  // waits for a lease that another instance has
  Time looked_{};                      // at the row; the keeper's thread only, as the next
  Time next_look_{};
  std::shared_ptr<Progress> progress_;
};

}  // namespace gantry::consume
