// The type of an unquoted scalar by the YAML 1.2 core schema (yaml.org/spec/1.2.2, section 10.3.2).
#pragma once
#include <string>
#include <string_view>

#include "core/config/node.hpp"
#include "gantry/result.hpp"

namespace gantry::config {

// null, true/false, integers (decimal, 0o17, 0x1f), numbers; everything else, "yes" and "1_000"
// too, is a string. Refused, with the reason: integers beyond 64 bits, .inf, .nan and numbers
// beyond a double, because JSON has no form for them. The reason does not repeat the text.
Result<Node::Value, std::string> plain_value(std::string_view text);

// The shortest decimal text that reads back as the same double, always with '.' or an exponent.
std::string number_text(double number);

}  // namespace gantry::config
