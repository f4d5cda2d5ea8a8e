// Text that came from outside, made safe for a log line or a metric label.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace gantry::observe {

// Bytes of the well-formed UTF-8 sequence that begins at `at` (1..4), 0 when it is not one
// (overlong, surrogate, above U+10FFFF, cut off): RFC 3629.
size_t sequence_bytes(std::string_view text, size_t at);

// The longest prefix of at most `bytes_max` bytes that does not cut a sequence.
std::string_view cut(std::string_view text, size_t bytes_max);

// Appends `text` as the inside of a JSON string: quotes, backslashes and all control characters
// (also DEL and U+0080..U+009F, which terminals obey) escaped, malformed bytes replaced by U+FFFD.
void append_escaped(std::string& out, std::string_view text);

// `text` with malformed bytes replaced by U+FFFD.
std::string well_formed(std::string_view text);

}  // namespace gantry::observe
