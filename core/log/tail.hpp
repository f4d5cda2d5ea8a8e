// log::Tail: the last events in memory, for every consumer in the process. One thread reads the log
// after each commit and feeds a bounded ring; who is further behind than the ring reads the log
// itself. Positions are compared as integers, so nobody can fall between the two.
#pragma once
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/log/log.hpp"
#include "gantry/error.hpp"

namespace gantry::log {

class Tail {
 public:
  // Takes the log's on_commit signal for itself. `log` must live longer.
  Tail(Log& log, const Limits& limits);
  ~Tail() { stop(); }
  Tail(const Tail&) = delete;
  Tail& operator=(const Tail&) = delete;

  // Called from the tail's thread with each new end; must be quick. Before start() only. [setup]
  void on_advance(std::function<void(Position)> signal) { advanced_.push_back(std::move(signal)); }
  void start();
  void stop();  // wakes everybody who waits [setup]

  // Events with position > after in order, at most `max`; from the ring, or by Log::read when
  // behind it. Empty: nothing after `after` has been tailed yet.
  //   thread  [worker] [bus]
  //   throws  Unavailable, Internal  as Log::read, only when behind the ring
  std::vector<EventPtr> after(Position after, uint32_t max);

  // Until end() > after: true; false when the deadline comes first or the tail stops. [worker]
  // [bus]
  bool wait(Position after, std::chrono::steady_clock::time_point deadline);

  // Position of the last event tailed; the log's head is there or a moment ahead. [any]
  Position end() const;

  // Why the tail does not get on: the log cannot be read, or is damaged. Tried again every second.
  // [any]
  std::optional<Error> fault() const;

 private:
  void loop();
  bool feed();
  EventPtr last() const;
  void push(std::vector<EventPtr> events);

  Log& log_;
  const Limits limits_;
  std::vector<std::function<void(Position)>> advanced_;

  mutable std::mutex mutex_;           // guards what follows
  std::condition_variable committed_;  // for the thread: something to read, or stop
  std::condition_variable grown_;      // for those in wait()
  std::deque<EventPtr> ring_;          // positions end_ - size + 1 .. end_
  uint64_t ring_bytes_ = 0;
  Position end_ = 0;
  Position target_ = 0;  // the head as last signalled
  bool stopping_ = false;
  std::optional<Error> fault_;
  std::thread thread_;
};

}  // namespace gantry::log
