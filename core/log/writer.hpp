// log::Writer: the thread that commits. It takes what has come during the last commit, up to
// append_batch_max units, into one transaction (group commit): one caller alone gets batches of one
// and waits for nobody. A caller that may block does without the thread when that has nothing to
// do. Whoever commits, one at a time does.
#pragma once
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/base/clock.hpp"
#include "core/log/group.hpp"
#include "core/log/store.hpp"

namespace gantry::log {

struct WriterOptions {
  Limits limits;
  std::chrono::milliseconds sweep_every{
      60000};                // expired answers are looked for that often, after a commit
  uint32_t sweep_max = 200;  // and that many deleted at once
};

class Writer {
 public:
  // Opens the store and reads the head.  throws Unavailable
  Writer(Engine& engine, const WriterOptions& options, const base::Clock& clock);
  ~Writer() { stop(); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Both before start(). Called from the thread that commits.
  void on_commit(std::function<void(Position)> signal);
  void on_timer_set(std::function<void(Instant)> signal) { timer_set_ = std::move(signal); }
  void start();

  // Queues; null. Or says why not, leaving `queued` as it is: Exhausted, or Unavailable after
  // stop(). Units that fire timers are not counted: Timers bounds them.  [any]
  std::optional<Outcome> put(QueuedUnit& queued);

  // The same, but commits on the calling thread if nobody else has anything to commit.  [worker]
  std::optional<Outcome> put_here(QueuedUnit& queued);

  // Finishes what is queued and ends the thread.
  void stop();

  // As Log::write_fault and Log::probe_write.  [any]
  std::optional<Error> fault() const;
  void probe();

  Position head() const { return head_.load(std::memory_order_acquire); }
  // Another process has appended: the head is at least there. Signals on_commit.  [any]
  void moved(Position head);
  AppendStats stats() const;

 private:
  using Batch = std::vector<QueuedUnit>;
  void loop();
  bool take(Batch& batch);
  void work(const Batch& batch) noexcept;
  static void tell_fates(const QueuedUnit* units, const std::vector<Outcome>& outcomes);
  static void answer(const QueuedUnit* units, const std::vector<Outcome>& outcomes);
  void commit_batch(const QueuedUnit* units, size_t count, std::vector<Outcome>& outcomes);
  bool attempt(const QueuedUnit* units, size_t count, std::vector<Outcome>& outcomes);
  bool attempt_remembered(const QueuedUnit* units, size_t count, std::vector<Outcome>& outcomes);
  void close(Group& group, Ending ending, const std::string& why);
  void raise_head(Position head);
  void publish();
  void count(const Batch& batch, const std::vector<Outcome>& outcomes);
  void note_fault(Code code, const std::string& why);
  bool sweep_is_due() const;  // by whose turn it is, or under the mutex while it is nobody's
  void sweep() noexcept;

  Engine& engine_;
  const WriterOptions options_;
  const base::Clock& clock_;  // paces the sweep
  std::function<void(Instant)> timer_set_;

  // Of the thread that commits: at_work_ is its turn.
  std::unique_ptr<Store> store_;  // null: to be opened anew
  int64_t next_sweep_ns_ = 0;
  std::vector<Outcome> outcomes_;
  bool answered_ = false;  // only a mutation answers a batch before its commit

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable arrived_;
  std::deque<QueuedUnit> queue_;
  size_t queued_units_ = 0;  // without those that fire timers
  uint64_t queued_bytes_ = 0;
  bool at_work_ = false;  // somebody commits
  bool stopping_ = false;
  bool probing_ = false;
  std::optional<Error> fault_;
  AppendStats stats_;

  // Guards committed_ and is held while it is called: once on_commit() returns, the former one is
  // silent.
  std::mutex signal_mutex_;
  Position published_ = 0;  // by the last on_commit signal
  std::function<void(Position)> committed_;

  std::atomic<Position> head_{0};
  std::thread thread_;
};

}  // namespace gantry::log
