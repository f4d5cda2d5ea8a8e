// Checks a tree against a schema and reports everything that is wrong with it, in one pass.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/config/fault.hpp"
#include "core/config/node.hpp"
#include "core/config/rule.hpp"
#include "core/config/schema.hpp"

namespace gantry::config {

// Where a tree hangs in the whole configuration.
struct Position {
  std::string path;  // prefix of all paths: "plugins.payments"
  Mark key_mark;     // for keys missing at the top; line 0 = the node's own mark
  std::vector<std::string_view> also_known;  // keys checked elsewhere, for "did you mean"
};

// One fault per wrong value, unknown key (at the key) and missing key (at the object's key), in
// tree order; a warning per retired key. Differences to JSON Schema, both on purpose: 1.0 is no
// integer, and a missing required key that has a default is no fault. Values that failed() are left
// alone.
//
//   throws   never
//   thread   any; the result depends on the arguments only
Findings validate(const Node& node, const Rule& rule, const Position& position = {});
Findings validate(const Node& node, const Schema& schema, const Position& position = {});

}  // namespace gantry::config
