#include "core/log/log.hpp"

#include <condition_variable>
#include <mutex>
#include <utility>

namespace gantry::log {

Outcome Log::append_wait(Unit unit) {
  struct {
    std::mutex mutex;
    std::condition_variable answered;
    bool done = false;
    Outcome outcome;
  } call;
  append_here(std::move(unit), [&call](const Outcome& outcome) {
    const std::lock_guard lock(call.mutex);
    call.outcome = outcome;
    call.done = true;
    call.answered.notify_one();  // under the lock: `call` is gone as soon as the waiter sees `done`
  });
  std::unique_lock lock(call.mutex);
  call.answered.wait(lock, [&call] { return call.done; });
  return std::move(call.outcome);
}

}  // namespace gantry::log
