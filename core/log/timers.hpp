// log::Timers: the thread that fires durable timers, each exactly once and never early by the log's
// clock. It only finds out what is due; the writer marks the timer and appends the event in one
// transaction, and does so only if the timer is still pending, unmoved and due.
#pragma once
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "core/log/readers.hpp"
#include "core/log/writer.hpp"

namespace gantry::log {

struct TimersOptions {
  std::chrono::milliseconds wait_max{1000};  // the clock may jump: looked at no less often
  uint32_t batch_max = 64;  // fired per wake; the writer has no more than these at once
};

class Timers {
 public:
  Timers(Engine& engine, Readers& readers, Writer& writer, const TimersOptions& options)
      : engine_(engine), readers_(readers), writer_(writer), options_(options) {}
  ~Timers() { stop(); }
  Timers(const Timers&) = delete;
  Timers& operator=(const Timers&) = delete;

  void start();
  // A timer was set to that instant. [any] quick
  void notice(Instant due);
  // Why the last look at what is due was in vain; null when it was not. [any]
  std::optional<Error> fault() const;
  // Waits for those being fired. The writer must still run.
  void stop();

 private:
  void loop();
  std::vector<DueTimer> look();
  void fire(std::vector<DueTimer> due);
  void wait(std::optional<Instant> next, bool failed);

  Engine& engine_;
  Readers& readers_;
  Writer& writer_;
  const TimersOptions options_;

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  Instant next_;  // what the thread waits for; anything earlier is news
  bool news_ = false;
  bool stopping_ = false;
  size_t firing_ = 0;             // with the writer
  std::optional<Error> refused_;  // one of them could not be written
  std::optional<Error> fault_;
  std::thread thread_;
};

}  // namespace gantry::log
