// UTF-8 as RFC 3629 has it.
#pragma once
#include <cstddef>
#include <string_view>

namespace gantry::base {

// Offset of the first byte that does not belong (overlong, surrogate, above U+10FFFF, cut off);
// npos when all of `text` is well-formed.
size_t first_malformed(std::string_view text);

// Code points of a well-formed text.
size_t code_points(std::string_view text);

}  // namespace gantry::base
