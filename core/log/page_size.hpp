// PageSize: how many rows to ask for at once when their sizes are not known: grown or shrunk so
// that a page comes to about kBytes, at most doubled from one to the next.
#pragma once
#include <algorithm>
#include <cstdint>

namespace gantry::log {

class PageSize {
 public:
  static constexpr uint64_t kBytes = 8 << 20;
  static constexpr uint64_t kRowsMax = 2000;

  uint32_t rows() const { return static_cast<uint32_t>(rows_); }
  // The last page had that many; not to be called for an empty one.
  void was(uint64_t rows, uint64_t bytes) {
    const uint64_t fitting = bytes == 0 ? kRowsMax : kBytes * rows / bytes;
    rows_ = std::clamp<uint64_t>(fitting, 1, std::min(rows_ * 2, kRowsMax));
  }

 private:
  uint64_t rows_ = 1;
};

}  // namespace gantry::log
