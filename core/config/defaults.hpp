// The effective tree: what was written, plus the defaults of the schema.
#pragma once
#include "core/config/node.hpp"
#include "core/config/rule.hpp"
#include "core/config/schema.hpp"

namespace gantry::config {

// A copy of `node`, which should have passed validate(), with
//   - every missing key that has a default added at the end of its object (origin "default", no
//   line); a
//     default object is itself filled in, so sections have "default": {},
//   - ${…} values that the schema wants as strings turned back into strings (`password: ${PIN}`),
//   - values that the schema calls secret marked so.
// Behind anyOf and oneOf, the first branch that the value passes is applied.
Node apply_defaults(const Node& node, const Rule& rule);
Node apply_defaults(const Node& node, const Schema& schema);

// A copy with the schema's secrets marked, nothing added.
Node mark_secrets(const Node& node, const Schema& schema);

// False when filling in `rule`'s own default would go on for ever (a default object with a default
// object of the same rule in it).
bool defaults_end(const Rule& rule);

}  // namespace gantry::config
