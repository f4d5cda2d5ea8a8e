// How several sources become one tree.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/config/node.hpp"

namespace gantry::config {

// `over` laid over `base`: objects merge key by key, everything else (lists and null too) replaces.
// A merged object keeps the place of `base`; every other value and key has the place it came from.
Node merge(Node base, const Node& over);

// Lays one `dotted.key=value` over the tree, making objects on the way; the value is YAML.
// `number` is the argument's place on the command line, 1-based, for the marks.
Node override_with(Node base, std::string_view argument, int number, std::vector<Fault>& faults);

}  // namespace gantry::config
