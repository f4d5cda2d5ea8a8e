// Report: what was checked and what was found broken, and how both are shown.
#pragma once
#include <array>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace gantry::verify {

enum class Invariant : uint8_t { seats, money, dense, history, prefix, views, projected, timers };
constexpr size_t kInvariantCount = 8;

struct Violation {
  int64_t position = 0;  // 0: not about one position
  std::string what;      // one sentence
};

class Report {
 public:
  static constexpr size_t kShownMax = 20;  // violations of one invariant; the rest is counted

  void broken(Invariant invariant, int64_t position, std::string what);
  // So many `things` were looked at; called again, they add up. Without a call it says "not
  // checked".
  void checked(Invariant invariant, int64_t count, std::string_view things);
  // Further words: totals, or why something was left out.
  void note(Invariant invariant, std::string words);

  bool ok() const;
  int64_t violations(Invariant invariant) const { return entry(invariant).violations; }
  bool is_checked(Invariant invariant) const { return entry(invariant).is_checked; }
  const std::vector<Violation>& first(Invariant invariant) const { return entry(invariant).first; }

  void print(std::ostream& out) const;
  std::string json() const;

 private:
  struct Entry {
    bool is_checked = false;
    std::vector<std::pair<std::string, int64_t>> counts;
    int64_t violations = 0;
    std::vector<Violation> first;
    std::vector<std::string> notes;
  };
  Entry& entry(Invariant invariant) { return entries_[static_cast<size_t>(invariant)]; }
  const Entry& entry(Invariant invariant) const { return entries_[static_cast<size_t>(invariant)]; }
  std::array<Entry, kInvariantCount> entries_;
};

}  // namespace gantry::verify
