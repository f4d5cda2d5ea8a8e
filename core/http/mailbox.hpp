// Mailbox: tasks that other threads leave for a loop. Wakes the loop only when it sleeps.
#pragma once
#include <atomic>
#include <functional>
#include <mutex>
#include <vector>

namespace gantry::http {

class Mailbox {
 public:
  Mailbox();
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  // Leaves a task; tasks run in order of posting. [any] thread.
  void post(std::function<void()> task);

  // Readable, edge-triggered, once per wake-up; never read.
  int wake_fd() const { return wake_fd_; }

  // The rest is for the loop. Says that the loop is about to sleep.
  //   returns  false when there is mail: do not sleep
  bool may_sleep();
  void woke() { asleep_.store(false, std::memory_order_seq_cst); }
  // Runs what was there at the call; tasks posted by tasks wait for the next one.
  void run();

 private:
  int wake_fd_;
  std::atomic<bool> asleep_{false};
  std::atomic<bool> has_mail_{false};
  std::mutex mutex_;
  std::vector<std::function<void()>> tasks_;    // guarded by mutex_
  std::vector<std::function<void()>> running_;  // loop only
};

}  // namespace gantry::http
