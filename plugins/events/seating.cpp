#include "seating.hpp"

#include <algorithm>
#include <charconv>

#include "gantry/text.hpp"

namespace gantry::events {

Seating::Seating(const std::vector<SeatRow>& rows) {
  rows_.reserve(rows.size());
  for (const SeatRow& row : rows) {
    by_name_.emplace(row.row, static_cast<uint32_t>(rows_.size()));
    rows_.push_back({row.row, count_, row.seats});
    count_ += row.seats;
  }
}

uint32_t Seating::row_of(uint32_t seat) const {
  const auto after = std::upper_bound(rows_.begin(), rows_.end(), seat,
                                      [](uint32_t s, const Row& row) { return s < row.first; });
  return static_cast<uint32_t>(after - rows_.begin()) - 1;
}

std::string Seating::label(uint32_t seat) const {
  const Row& row = rows_[row_of(seat)];
  return join(row.name, '-', seat - row.first + 1);
}

std::optional<uint32_t> Seating::find(std::string_view label) const {
  const size_t dash = label.rfind('-');
  if (dash == label.npos) return std::nullopt;
  const std::string_view digits = label.substr(dash + 1);
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size() || digits.front() == '0')
    return std::nullopt;
  const auto at = by_name_.find(std::string(label.substr(0, dash)));
  if (at == by_name_.end() || number > rows_[at->second].seats) return std::nullopt;
  return rows_[at->second].first + number - 1;
}

}  // namespace gantry::events
