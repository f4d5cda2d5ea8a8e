// The two halves of "expected …, found …".
#pragma once
#include <string>

#include "core/config/node.hpp"
#include "core/config/rule.hpp"

namespace gantry::config {

// "an integer between 1 and 65535", "one of "a" or "b"", "a list of at least 1 item".
std::string expectation(const Rule& rule);

// "\"abc\"", "70000", "nothing", "a list", "an object". A value out of ${…} is never shown, only
// where it comes from, and a hidden one (`hide`, or a secret node) not even in part.
std::string found(const Node& node, bool hide);

}  // namespace gantry::config
