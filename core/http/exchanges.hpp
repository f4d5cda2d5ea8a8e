// Exchanges: the pool of one loop. Never frees, so that a stale handle meets a newer generation.
#pragma once
#include <deque>
#include <vector>

#include "core/pipeline/exchange.hpp"

namespace gantry::http {

class Exchanges {
 public:
  explicit Exchanges(pipeline::Loop& loop) : loop_(loop) {}

  pipeline::Exchange& take() {
    if (free_.empty()) {
      pipeline::Exchange& made = all_.emplace_back();
      made.loop = &loop_;
      made.slot = static_cast<uint32_t>(all_.size() - 1);
      return made;
    }
    pipeline::Exchange& used = *free_.back();
    free_.pop_back();
    return used;
  }

  void give(pipeline::Exchange& exchange) {
    exchange.reset();
    free_.push_back(&exchange);
  }

 private:
  pipeline::Loop& loop_;
  std::deque<pipeline::Exchange> all_;  // addresses stay
  std::vector<pipeline::Exchange*> free_;
};

}  // namespace gantry::http
