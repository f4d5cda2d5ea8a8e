// Lane: the events of some streams, waiting for a process. Serial: one event is out at a time. A
// stream whose event failed steps aside with what follows it, so that the others of the lane keep
// flowing. Not thread-safe.
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <string>

#include "core/log/log.hpp"

namespace gantry::consume {

class Lane {
 public:
  void push(log::EventPtr event);

  // The next event to handle; null when there is none now. Answer with done() or failed().
  log::EventPtr take();
  void done();
  // Returns which attempt it was, from 1.
  uint32_t failed(const std::string& reason);

  // The pause of `stream` after that attempt is over.
  void retry(const std::string& stream, uint32_t attempt);

  bool has_work() const { return !out_ && (!ready_.empty() || retries_due_ > 0); }
  size_t held() const { return held_; }  // taken included
  void clear();

  struct Stuck {
    log::Position position = 0;
    std::string reason;
  };
  // The failing event with the lowest position; position 0 when none fails.
  Stuck stuck() const;

 private:
  struct Aside {
    std::deque<log::EventPtr> events;  // the failed one, then those behind it
    uint32_t attempts = 0;
    bool due = false;
    std::string reason;
  };
  std::deque<log::EventPtr> ready_;
  std::map<std::string, Aside> aside_;  // by stream
  log::EventPtr out_;
  size_t held_ = 0;
  size_t retries_due_ = 0;
};

}  // namespace gantry::consume
