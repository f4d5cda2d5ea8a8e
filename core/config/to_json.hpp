// The tree as JSON text, for plugins (whole) and for people (masked).
#pragma once
#include <string>

#include "core/config/node.hpp"

namespace gantry::config {

enum class Secrets {
  kShown,
  kMasked,  // secret() values are "***", and passwords inside URLs are hidden
};

// Compact JSON, members in file order. Values that failed() are null. A schema's secrets are known
// to the tree after apply_defaults or mark_secrets.
std::string to_json(const Node& node, Secrets secrets);

}  // namespace gantry::config
