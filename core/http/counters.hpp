// What the edge counts. One set per loop, written by that loop only, read by anyone.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>

#include "core/http/refusal.hpp"

namespace gantry::http {

class Counter {
 public:
  void add() {
    value_.store(value_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

struct LoopCounters {
  Counter accepted;
  Counter accept_pauses;  // no file descriptor left; accepting stopped for a moment
  std::array<Counter, kReasons> rejected;

  void count(Reason reason) { rejected[static_cast<size_t>(reason)].add(); }
};

// Sums over all loops.
struct Counters {
  uint64_t accepted = 0;
  uint64_t accept_pauses = 0;
  std::array<uint64_t, kReasons> rejected{};

  uint64_t operator[](Reason reason) const { return rejected[static_cast<size_t>(reason)]; }
};

}  // namespace gantry::http
