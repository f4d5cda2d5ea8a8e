// Reads a JSON text (a schema) into a Node whose marks are exact, so that faults in a schema have a
// place.
#pragma once
#include <string_view>

#include "core/config/node.hpp"
#include "gantry/result.hpp"

namespace gantry::config {

// `file` is the name in the marks. Refused at the first syntax error, duplicate key, nesting beyond
// 64 or integer beyond 64 bits.
Result<Node, Fault> read_json(std::string_view text, std::string_view file);

}  // namespace gantry::config
