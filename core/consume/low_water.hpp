// LowWater: which events of a process are handed out and not done, and so the highest position
// below which everything is done. Remembers only what is not done: a stream that fails for a day
// costs one entry. Not thread-safe.
#pragma once
#include <map>

#include "core/consume/checkpoint.hpp"

namespace gantry::consume {

class LowWater {
 public:
  // Everything up to `mark` is done, nothing after it has been seen.
  void begin_at(const Mark& mark) {
    open_.clear();
    seen_ = mark;
  }

  // The next event does not concern the process, or does. Called in position order.
  void pass(const Mark& event) { seen_ = event; }
  void open(const Mark& event) {
    open_.emplace(event.position, seen_);
    seen_ = event;
  }
  void done(log::Position position) { open_.erase(position); }

  const Mark& seen() const { return seen_; }
  bool is_open(log::Position position) const { return open_.contains(position); }
  Mark mark() const { return open_.empty() ? seen_ : open_.begin()->second; }

 private:
  Mark seen_;
  std::map<log::Position, Mark> open_;  // position → the event before it
};

}  // namespace gantry::consume
