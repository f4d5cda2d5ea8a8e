// Loop: an event loop as those see it who have something to do on it. Implemented by the HTTP edge
// (core/http/loop.hpp) and by tests.
#pragma once
#include <cstdint>
#include <functional>

namespace gantry::runtime {

// What to wait for on a file descriptor, and what came: bits.
constexpr uint32_t kReadable = 1;  // bytes, the end of the stream, or an error
constexpr uint32_t kWritable = 2;

// Everything but post() is for the loop's own thread.
class Loop {
 public:
  virtual ~Loop() = default;
  // Runs `task` on the loop's thread, soon and in order of posting. What the loop's own thread
  // posts while it serves sockets runs when all those that were ready have been served. [any]
  // thread.
  virtual void post(std::function<void()> task) = 0;
  virtual unsigned index() const = 0;
  // Runs `task` once after `delay_ms` on the loop's thread; 0 is never a valid id.
  virtual uint64_t after(uint32_t delay_ms, std::function<void()> task) = 0;
  virtual void cancel(uint64_t timer) = 0;

  // Calls ready(bits) on the loop's thread again and again as long as one of the `events` is the
  // case (level-triggered), until unwatch(). For descriptors that are not the loop's own; whoever
  // watches one keeps it open until unwatch().
  //   fd      once: watch() of one that is watched changes what it is watched for
  //   throws  Exhausted  the system watches no more
  virtual void watch(int fd, uint32_t events, std::function<void(uint32_t events)> ready) = 0;
  // ready() is not called any more, not even for what has come already. Nothing if not watched.
  virtual void unwatch(int fd) = 0;
};

// The loop whose thread this is; null on every other thread.
Loop* this_loop();

// Makes `loop` the loop of the calling thread while in scope.
class LoopScope {
 public:
  explicit LoopScope(Loop& loop);
  ~LoopScope();
  LoopScope(const LoopScope&) = delete;
  LoopScope& operator=(const LoopScope&) = delete;

 private:
  Loop* outer_;
};

}  // namespace gantry::runtime
