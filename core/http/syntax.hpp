// Character classes and small grammar rules of RFC 9110, RFC 9112 and RFC 3986.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gantry::http {

// tchar (RFC 9110 section 5.6.2) to lower case; 0 for every other byte.
extern const std::array<char, 256> kTokenLower;

inline bool is_token_byte(char c) { return kTokenLower[static_cast<uint8_t>(c)] != 0; }
bool is_token(std::string_view text);

// Field content: visible, SP, HTAB, or above 0x7F (RFC 9110 section 5.5).
inline bool is_field_byte(char c) {
  const auto byte = static_cast<uint8_t>(c);
  return (byte >= 0x20 && byte != 0x7F) || byte == '\t';
}
// Position of the first byte that may not be in a field value, or npos.
size_t bad_field_byte(std::string_view value);

// Path and query characters of RFC 3986, and square brackets, which common clients do not escape.
bool is_target(std::string_view text);

// uri-host [":" port] without percent-encoding and sub-delimiters: names, IPv4, "[IPv6]".
bool is_authority(std::string_view text);

bool same_ignoring_case(std::string_view a, std::string_view b);
std::string_view trim(std::string_view text);  // SP and HTAB at both ends

// Takes the next element off a comma-separated list, trimmed; empty elements are returned as such.
std::string_view next_element(std::string_view& list);

}  // namespace gantry::http
