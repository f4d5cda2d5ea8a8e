// ProcessRunner: hands events to a process, serial per stream, parallel across streams, at least
// once.
//
// Two kinds of jobs run on the shared pool, each of them once at a time: the pump reads the log,
// deals events out to the lanes by stream and writes the checkpoint; a lane job handles the events
// of its lane. The checkpoint is the highest position below which everything is done, written now
// and then: after a crash events above it are handled again. After an orderly stop and a start of
// the same runner nothing is: what was done above the checkpoint is remembered.
//
// An event is begun only while the lease is valid by this instance's own clock. When it has run out
// (the process stood still, the database is away) the lanes rest until it is renewed; when another
// instance has taken it, what is under way ends, the rest is forgotten, and the runner stands by.
// What was under way then may be done by both, under the same command ids.
#pragma once
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "core/consume/lane.hpp"
#include "core/consume/low_water.hpp"
#include "core/consume/runner.hpp"

namespace gantry::consume {

// Shared with its jobs in the pool and, weakly, with its timers.
class ProcessRunner final : public Runner, public std::enable_shared_from_this<ProcessRunner> {
 public:
  ProcessRunner(Ports& ports, observe::Metrics& metrics, std::string owner, Process process);

  void start() override;
  void ask_stop() override;
  bool wait_stopped(std::chrono::milliseconds within) override;
  void release() override;
  void head_moved(log::Position head) override;

 private:
  struct Work {
    Lane lane;
    bool queued = false;  // a job of this lane is in the pool
  };
  Condition condition() const override;
  void lease_turned() override;

  // Jobs and what they are made of; called without the lock.
  void job(void (ProcessRunner::*body)(size_t), size_t lane);
  void pump(size_t);
  void run_lane(size_t index);
  void handle(size_t index, const log::EventPtr& event);
  bool take_up();
  bool deal_out();
  void flush();
  void halt(const Halt& halt);
  void lose();
  void write_last_mark();
  void pump_after(std::chrono::milliseconds delay);

  // With the lock held.
  void settle();
  bool deal(const log::EventPtr& event);
  void queue_pump();
  void queue_lane(size_t index);
  void queue_job(void (ProcessRunner::*body)(size_t), size_t lane);
  void arm_flush();

  Process process_;

  // Only the pump and the last job touch these, one after the other.
  Mark cursor_;  // the last event read
  bool taken_up_ = false;
  bool remembers_ = false;  // an earlier run left low_water_ behind
  uint32_t attempts_ = 0;   // of reading, or of writing the checkpoint
  int64_t flushed_ns_ = 0;

  mutable std::mutex mutex_;  // guards the rest; not held in the owner's code or during I/O
  std::condition_variable changed_;
  std::vector<Work> lanes_;
  LowWater low_water_;
  State state_ = State::kStopped;
  std::string reason_;  // of a halt, or why the log or the checkpoint is out of reach
  uint32_t jobs_ = 0;   // in the pool, waiting or running
  bool pump_queued_ = false;
  bool pump_again_ = false;
  bool paused_ = false;   // the reader waits for room in …
  size_t full_lane_ = 0;  // … this lane
  bool flush_armed_ = false;
  bool ask_lease_ = false;  // on standby: it may be had now
  bool stopping_ = false;   // nothing is begun; the last job decides what comes then
};

}  // namespace gantry::consume
