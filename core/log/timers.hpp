// log::Timers: the thread that fires durable timers, each exactly once and never early by the log's
// clock. It only finds out what is due; the writer marks the timer and appends the event in one
// transaction, and does so only if the timer is still pending, unmoved and due.
#pragma once
#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/base/clock.hpp"
#include "core/log/timer_rows.hpp"
#include "core/log/writer.hpp"
#include "core/sql/sqlite_connection.hpp"

namespace gantry::log {

struct TimersOptions {
  std::string file;
  sql::SqliteOptions sqlite;
  std::chrono::milliseconds wait_max{1000};  // the clock may jump: looked at no less often
  uint32_t batch_max = 64;  // fired per wake; the writer has no more than these at once
};

class Timers {
 public:
  // throws Unavailable
  Timers(const TimersOptions& options, Writer& writer, const base::Clock& clock);
  ~Timers() { stop(); }
  Timers(const Timers&) = delete;
  Timers& operator=(const Timers&) = delete;

  void start();
  // A timer was set to that instant. [any] quick
  void notice(Instant due);
  // Waits for those being fired. The writer must still run.
  void stop();

 private:
  void loop();
  bool fire(std::vector<DueTimer> due);
  void wait(std::optional<Instant> next, bool failed);

  const TimersOptions options_;
  Writer& writer_;
  const base::Clock& clock_;
  sql::SqliteConnection connection_;  // the thread's own, reads only
  TimerRows rows_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  Instant next_;  // what the thread waits for; anything earlier is news
  bool news_ = false;
  bool stopping_ = false;
  size_t firing_ = 0;    // with the writer
  bool failed_ = false;  // one of them could not be written
  std::thread thread_;
};

}  // namespace gantry::log
