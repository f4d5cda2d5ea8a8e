// EventSource: where consumers read from; the tail of the log in the server.
#pragma once
#include <chrono>
#include <cstdint>
#include <vector>

#include "core/log/log.hpp"
#include "core/log/tail.hpp"

namespace gantry::consume {

class EventSource {
 public:
  virtual ~EventSource() = default;

  // Events with position > `position`, consecutive, at most `max`; empty when there are none yet.
  //   throws  Unavailable  the log cannot be read now
  //   thread  [bus] many at once; may block
  virtual std::vector<log::EventPtr> after(log::Position position, uint32_t max) = 0;

  // Waits until there is an event beyond `position`; false when there is none `within` that time.
  virtual bool wait(log::Position position, std::chrono::milliseconds within) = 0;

  // The last position after() can give. [any]
  virtual log::Position head() const = 0;
};

// The tail of the log, which has the last events in memory.
class TailSource final : public EventSource {
 public:
  explicit TailSource(log::Tail& tail) : tail_(tail) {}
  std::vector<log::EventPtr> after(log::Position position, uint32_t max) override {
    return tail_.after(position, max);
  }
  bool wait(log::Position position, std::chrono::milliseconds within) override {
    return tail_.wait(position, std::chrono::steady_clock::now() + within);
  }
  log::Position head() const override { return tail_.end(); }

 private:
  log::Tail& tail_;
};

}  // namespace gantry::consume
