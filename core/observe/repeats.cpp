#include "core/observe/repeats.hpp"

#include <algorithm>
#include <utility>

namespace gantry::observe {
namespace {
constexpr int64_t kSecond = 1'000'000'000;
}

Repeats::Verdict Repeats::seen(Level level, std::string_view event, int64_t now_ns) {
  const std::lock_guard lock(mutex_);
  auto it = windows_.find(event);
  if (it == windows_.end()) {
    if (windows_.size() >= names_max_) {
      std::erase_if(windows_, [&](const auto& entry) {
        return now_ns - entry.second.began_ns >= kSecond && entry.second.suppressed == 0;
      });
      if (windows_.size() >= names_max_) return {};  // too many names to watch: let it pass
    }
    it = windows_.emplace(std::string(event), Window{now_ns, 0, 0, level}).first;
  }
  Window& window = it->second;
  if (now_ns - window.began_ns >= kSecond) {
    window.began_ns = now_ns;
    window.lines = 0;
  }
  window.level = level;
  if (window.lines >= per_second_max_) {
    ++window.suppressed;
    return {false, 0};
  }
  ++window.lines;
  return {true, std::exchange(window.suppressed, 0)};
}

std::vector<Repeats::Left> Repeats::ended(int64_t now_ns, bool all) {
  const std::lock_guard lock(mutex_);
  std::vector<Left> left;
  for (auto& [event, window] : windows_) {
    if (window.suppressed == 0 || (!all && now_ns - window.began_ns < kSecond)) continue;
    left.push_back({event, window.level, std::exchange(window.suppressed, 0)});
  }
  return left;
}

}  // namespace gantry::observe
