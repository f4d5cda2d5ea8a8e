// The keywords that look at one value alone: type, enum, const, bounds, lengths, pattern, format,
// counts.
#pragma once
#include "core/config/node.hpp"
#include "core/config/rule.hpp"

namespace gantry::config {

// Patterns are not tried on longer strings, which count as no match: std::regex in libstdc++
// recurses once per character and would run out of stack.
inline constexpr size_t kPatternBytesMax = 2048;

bool accepts_alone(const Rule& rule, const Node& node);

}  // namespace gantry::config
