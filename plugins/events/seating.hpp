// Seating: the seats of a numbered section as numbers 0..count-1, row after row, and as labels
// "<row>-<number>" with numbers from 1.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gantry::events {

struct SeatRow {
  std::string row;
  uint32_t seats = 0;

  friend bool operator==(const SeatRow&, const SeatRow&) = default;
};

class Seating {
 public:
  Seating() = default;
  // Row names are unique.
  explicit Seating(const std::vector<SeatRow>& rows);

  uint32_t count() const { return count_; }
  uint32_t row_count() const { return static_cast<uint32_t>(rows_.size()); }

  struct Row {
    std::string name;
    uint32_t first;  // its first seat
    uint32_t seats;
  };
  const Row& row(uint32_t index) const { return rows_[index]; }
  // Row of a seat; O(log rows).
  uint32_t row_of(uint32_t seat) const;

  std::string label(uint32_t seat) const;
  // nullopt when there is no such seat; "A-01" is not "A-1".
  std::optional<uint32_t> find(std::string_view label) const;

 private:
  std::vector<Row> rows_;
  std::unordered_map<std::string, uint32_t> by_name_;
  uint32_t count_ = 0;
};

}  // namespace gantry::events
