// "Did you mean …": the known word nearest to a mistyped one.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gantry::config {

// Insertions, deletions, replacements and swaps of neighbours that lead from `a` to `b`
// (Damerau-Levenshtein, no part edited twice). Costs |a|·|b|.
size_t edit_distance(std::string_view a, std::string_view b);

// The nearest of `known`, or nullopt when none is near. Case, '-' for '_', camelCase and the order
// of the words in a key count little; otherwise a third of the characters may be wrong.
std::optional<std::string_view> nearest(std::string_view typed,
                                        const std::vector<std::string_view>& known);

// `; did you mean "listen"?` or nothing.
std::string did_you_mean(std::string_view typed, const std::vector<std::string_view>& known);

}  // namespace gantry::config
