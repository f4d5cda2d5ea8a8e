#include "core/config/similar.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "core/config/quote.hpp"
#include "gantry/text.hpp"

namespace gantry::config {
namespace {

constexpr size_t kLengthMax = 64;  // no key is longer; bounds the work for hostile ones

// bodyBytes-Max -> body_bytes_max
std::string normal(std::string_view word) {
  std::string out;
  bool after_lower = false;
  for (const char c : word) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isupper(byte) && after_lower) out += '_';
    after_lower = std::islower(byte) || std::isdigit(byte);
    out += c == '-' ? '_' : static_cast<char>(std::tolower(byte));
  }
  return out;
}

std::string sorted_words(const std::string& key) {
  std::vector<std::string> words(1);
  for (const char c : key) {
    if (c == '_') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  std::sort(words.begin(), words.end());
  std::string out;
  for (const auto& word : words) out += word + '_';
  return out;
}

// One key is the other plus whole words: "header_timeout" for "header_timeout_ms".
bool extends(const std::string& longer, const std::string& shorter) {
  return shorter.size() >= 3 && longer.size() > shorter.size() &&
         (longer.starts_with(shorter + '_') || longer.ends_with('_' + shorter));
}

size_t distance(const std::string& typed, const std::string& known) {
  size_t best = edit_distance(typed, known);
  if (typed.find('_') != std::string::npos) {
    best = std::min(best, 1 + edit_distance(sorted_words(typed), sorted_words(known)));
  }
  return best;
}

}  // namespace

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> before_last, last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replace, last[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = std::exchange(last, row);
  }
  return last[b.size()];
}

std::optional<std::string_view> nearest(std::string_view typed,
                                        const std::vector<std::string_view>& known) {
  if (typed.empty() || typed.size() > kLengthMax) return std::nullopt;
  const std::string wanted = normal(typed);
  std::optional<std::string_view> best;
  std::pair<size_t, bool> best_score;  // distance, then: starts with another letter
  for (const auto candidate : known) {
    const std::string name = normal(candidate);
    if (name.empty() || name.size() > kLengthMax) continue;
    const size_t limit = std::max<size_t>(1, std::max(wanted.size(), name.size()) / 3);
    size_t far = distance(wanted, name);
    if (far > limit && (extends(name, wanted) || extends(wanted, name))) far = limit;
    const std::pair score(far, wanted[0] != name[0]);
    const bool nothing_in_common = far >= std::min(wanted.size(), name.size());
    if (far > limit || nothing_in_common || (best && score >= best_score)) continue;
    best = candidate;
    best_score = score;
  }
  return best;
}

std::string did_you_mean(std::string_view typed, const std::vector<std::string_view>& known) {
  const auto match = nearest(typed, known);
  return match ? join("; did you mean ", quoted(*match), '?') : "";
}

}  // namespace gantry::config
