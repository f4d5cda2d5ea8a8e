#include <string_view>

#include "core/consume/consumer.hpp"

namespace gantry::consume {

bool Filter::matches(std::string_view stream) const {
  for (const std::string_view pattern : streams) {
    if (pattern.empty() || pattern.back() != '*') {
      if (stream == pattern) return true;
    } else if (stream.starts_with(pattern.substr(0, pattern.size() - 1))) {
      return true;
    }
  }
  return false;
}

}  // namespace gantry::consume
