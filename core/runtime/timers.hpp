// Timers: calls functions later, from one thread. For back-off and time-outs; nothing here survives
// a restart (durable timers are the log's).
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

#include "core/observe/log.hpp"
#include "core/runtime/thread.hpp"

namespace gantry::runtime {

class Timers {
 public:
  Timers(const std::string& name, observe::Logger& logger);
  // Calls what is due by now, forgets the rest.
  ~Timers();
  Timers(const Timers&) = delete;
  Timers& operator=(const Timers&) = delete;

  // Calls `function` once, `delay` from now or a little later; it must be quick. What it throws is
  // logged. With no delay it is still called from the timers' thread.  [any]
  uint64_t after(std::chrono::milliseconds delay, std::function<void()> function);

  // False: it has been called, is being called, or was cancelled before.  [any]
  bool cancel(uint64_t timer);

 private:
  using Key = std::pair<std::chrono::steady_clock::time_point, uint64_t>;
  void run();
  void call(const std::function<void()>& function);

  observe::Logger& logger_;
  std::mutex mutex_;  // guards everything below up to the thread
  std::condition_variable changed_;
  std::map<Key, std::function<void()>> pending_;
  std::unordered_map<uint64_t, Key> keys_;
  uint64_t last_ = 0;
  bool stopping_ = false;
  Thread thread_;
};

}  // namespace gantry::runtime
