// Reads one YAML 1.2 text into a Node, without ${…} (substitute.hpp) and without merging
// (merge.hpp).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/node.hpp"
#include "core/config/source_text.hpp"

namespace gantry::config {

inline constexpr size_t kDepthMax = 64;         // nested lists and objects, after aliases
inline constexpr size_t kNodesMax = 64 * 1024;  // values in one source, after aliases

// Reads the one document in `source`; an empty source is null.
//
//   path     where the document sits in the tree, for the faults' paths
//   faults   gets everything found: a syntax error ends the source (one per source), duplicate
//   keys,
//            numbers out of range and the like do not
//   returns  what could be read, or nullopt after a syntax error
std::optional<Node> read_yaml(const SourceText& source, Origin origin, std::string_view path,
                              std::vector<Fault>& faults);

}  // namespace gantry::config
