// ${…} inside string values:
//
//   ${NAME}            an environment variable; not set = fault
//   ${NAME:-default}   the default when NAME is not set or empty; no ${…} inside
//   ${file:/path}      the content of a file (at most 64 KiB) without its last newline; a secret
//   from here on
//   $${                a literal ${
//
// A value without quotes is typed after substitution, so `port: ${PORT}` can be an integer. Inside
// [ ] and { } YAML needs quotes around ${…}, and then it is always a string.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/config/node.hpp"
#include "gantry/result.hpp"

namespace gantry::config {

// The value of an environment variable; nullopt when it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
Environment process_environment();

// The tree with every ${…} resolved. What cannot be resolved is a fault at its scalar and stays in
// the tree as a failed() node, which later passes leave alone. [blocks on file I/O]
Node substitute(const Node& root, const Environment& environment, std::vector<Fault>& faults);

// The same for one text that is always a string, such as an argument. The refusal is a sentence.
Result<std::string, std::string> substituted(std::string_view text, const Environment& environment);

}  // namespace gantry::config
