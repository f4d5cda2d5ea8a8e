// E-mail addresses as identities: the same person writes the same address in several ways.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace gantry::auth {

// Trimmed and in lower case; nullopt when it cannot be an address: 3..254 bytes, one '@', a dot
// inside the domain, no control character, space or one of < > " ' & \ ; , ( ).
std::optional<std::string> normalised_email(std::string_view text);

}  // namespace gantry::auth
