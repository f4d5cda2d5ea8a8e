// Workers: a bounded pool of threads for work that may block. Whoever submits learns at once when
// the queue is full, and a task that has waited too long is answered instead of run, so that under
// overload the work that is done is work somebody still waits for.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "core/observe/log.hpp"
#include "core/runtime/thread.hpp"

namespace gantry::runtime {

struct WorkersOptions {
  std::string name = "worker";  // threads are called name-0, name-1 …
  ThreadKind kind = ThreadKind::kWorker;
  uint32_t threads = 8;
  uint32_t queue_max = 1024;          // tasks waiting, not counting those that run
  uint32_t queue_wait_ms_max = 2000;  // 0: a task may wait for ever
  size_t stack_bytes = 1 << 20;
};

struct WorkerCounts {
  uint64_t queued = 0;    // now
  uint64_t running = 0;   // now
  uint64_t done = 0;      // ever, as all below
  uint64_t rejected = 0;  // queue full, or stopping
  uint64_t expired = 0;   // waited too long, or still queued at the end of stop()
  uint64_t failed = 0;    // of those done: threw
};

class Workers {
 public:
  Workers(const WorkersOptions& options, observe::Logger& logger);
  ~Workers();  // stop(0), then waits for the tasks that run
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // Queues `task`; exactly one of the two is called later.
  //
  //   task        on a thread of the pool; what it throws is logged, the thread goes on
  //   on_expired  on a thread of the pool or the pool's watch; must be quick. May be empty.
  //   returns     false: the queue is full or the pool stops; neither will be called
  //   thread      [any]
  bool submit(std::function<void()> task, std::function<void()> on_expired = {});

  // Takes nothing new, runs what is queued, and expires what has not begun after `within`.
  //
  //   returns  true: no task runs any more. False: some still do; the destructor waits for them.
  //   thread   [setup], not from a task
  bool stop(std::chrono::milliseconds within);

  WorkerCounts counts() const;  // [any]

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Task {
    std::function<void()> run;
    std::function<void()> on_expired;
    Time expires;
  };
  void end();
  void work();
  void watch();
  void call(const std::function<void()>& function, std::string_view what);
  void expire(std::deque<Task> tasks);

  const WorkersOptions options_;
  observe::Logger& logger_;

  mutable std::mutex mutex_;          // guards everything below up to the threads
  std::condition_variable filled_;    // for the pool: a task, or the end
  std::condition_variable watch_;     // for the watch: something to watch, or the end
  std::condition_variable finished_;  // for stop(): nothing queued and nothing running
  std::deque<Task> queue_;            // ascending by `expires`
  WorkerCounts counts_;
  uint32_t idle_ = 0;
  bool watching_ = false;
  bool stopping_ = false;  // take nothing new
  bool ended_ = false;     // threads may leave

  std::vector<Thread> threads_;
};

}  // namespace gantry::runtime
