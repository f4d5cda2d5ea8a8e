// How a value is shown to people: quoted, cut, without control characters and without passwords.
#pragma once
#include <string>
#include <string_view>

namespace gantry::config {

// "abc" in double quotes; control characters become escapes, more than 80 characters are cut with
// "…".
std::string quoted(std::string_view text);

// The text with the password of a URL ("://user:***@host") and of "password=" parameters hidden.
// Hides too much rather than too little.
std::string redacted(std::string_view text);

}  // namespace gantry::config
