// ProjectionRunner: applies events to rows, each exactly once, because rows and checkpoint commit
// in one transaction, and only while the epoch of the checkpoint is the one it has the lease under.
// One thread of its own while it runs.
#pragma once
#include <condition_variable>
#include <mutex>

#include "core/consume/checkpoint.hpp"
#include "core/consume/runner.hpp"
#include "core/runtime/thread.hpp"

namespace gantry::consume {

class ProjectionRunner final : public Runner {
 public:
  ProjectionRunner(Ports& ports, observe::Metrics& metrics, std::string owner,
                   Projection projection);
  ~ProjectionRunner() override;

  void start() override;
  void ask_stop() override;
  bool wait_stopped(std::chrono::milliseconds within) override;
  void release() override;
  void head_moved(log::Position head) override;

 private:
  using Events = std::vector<log::EventPtr>;
  Condition condition() const override;
  void lease_turned() override;

  // All below on the runner's thread.
  void run();
  void work();
  void turn();
  void end();
  bool take_up();
  void stand_by(const Standing& row);
  bool step();
  void pass(const Mark& to);
  void apply_batch(const Events& events, size_t first_match);
  bool settle(sql::Session& session);
  void check_row();
  void apply_apart(const Events& events, size_t first_match);
  void apply(const log::Event& event, sql::Session& session);
  void write_mark();
  bool mark_is_due() const;
  void failed(const Failure& failure);
  void wait_for_news();
  void become(State state, std::string reason);
  bool asked_to_stop() const;

  Projection projection_;

  bool taken_up_ = false;
  Mark scanned_;              // what is done: beyond the bookmark only events that do not match
  log::Position trying_ = 0;  // the event that is being applied
  size_t batch_matches_ = 0;  // events applied in the batch under way
  log::Position batch_end_ = 0;
  log::Position single_until_ = 0;  // one event per transaction up to here, to find the culprit
  uint32_t attempts_ = 0;
  int64_t written_ns_ = 0;
  bool notes_projected_ = false;

  mutable std::mutex mutex_;  // guards the rest
  std::condition_variable changed_;
  State state_ = State::kStopped;
  std::string reason_;
  bool stop_asked_ = false;
  bool lease_turned_ = false;
  bool on_thread_ = false;
  log::Position head_ = 0;
  runtime::Thread thread_;
};

}  // namespace gantry::consume
