// ClockSkew: moves the wall clock of the servers that are started with its setting, while they run
// (docs/reference/fail_points.md).
#pragma once
#include <chrono>
#include <cstdint>
#include <fstream>
#include <string>

#include "tests/support/temporary_directory.hpp"

namespace gantry::tests {

class ClockSkew {
 public:
  explicit ClockSkew(std::chrono::microseconds at = {}) { set(at); }
  std::string setting() const { return "GANTRY_CLOCK_SKEW=" + file(); }
  // From now on they are so far ahead, or behind.
  void set(std::chrono::microseconds at) {
    at_ = at;
    const int64_t number = at.count();
    std::fstream out(file(), std::ios::binary | std::ios::in | std::ios::out);
    if (!out) out.open(file(), std::ios::binary | std::ios::out);  // the first time
    out.write(reinterpret_cast<const char*>(&number), sizeof number);
  }
  void add(std::chrono::microseconds more) { set(at_ + more); }
  std::chrono::microseconds at() const { return at_; }

 private:
  std::string file() const { return directory_.path() + "/skew"; }
  const TemporaryDirectory directory_;
  std::chrono::microseconds at_{};
};

}  // namespace gantry::tests
