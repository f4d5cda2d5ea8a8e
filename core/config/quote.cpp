#include "core/config/quote.hpp"

#include <algorithm>
#include <cctype>

namespace gantry::config {
namespace {

constexpr size_t kCharactersMax = 80;
constexpr std::string_view kHidden = "***";

// Everything between the first ':' of the authority and the last '@': a password may hold '/' or
// '@'.
void hide_url_password(std::string& text) {
  const auto start = text.find("://");
  if (start == std::string::npos) return;
  const auto at = text.rfind('@');
  const auto colon = text.find(':', start + 3);
  if (at == std::string::npos || colon == std::string::npos || colon > at) return;
  text.replace(colon + 1, at - colon - 1, kHidden);
}

void hide_parameters(std::string& text) {
  constexpr std::string_view kName = "password=";
  size_t from = 0;
  while (from < text.size()) {
    const auto found = std::search(
        text.begin() + static_cast<std::ptrdiff_t>(from), text.end(), kName.begin(), kName.end(),
        [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
    if (found == text.end()) return;
    const auto value = static_cast<size_t>(found - text.begin()) + kName.size();
    const auto end = text.find_first_of("& ", value);
    text.replace(value, (end == std::string::npos ? text.size() : end) - value, kHidden);
    from = value + kHidden.size();
  }
}

void append_visible(std::string& out, char c) {
  static constexpr char kHex[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  if (c == '\n') {
    out += "\\n";
  } else if (c == '\t') {
    out += "\\t";
  } else if (c == '"' || c == '\\') {
    out += '\\';
    out += c;
  } else if (byte < 0x20 || byte == 0x7f) {
    out += "\\x";
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  } else {
    out += c;
  }
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string out = "\"";
  size_t characters = 0;
  for (const char c : text) {
    const bool starts_character = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    if (starts_character && characters++ == kCharactersMax) {
      out += "…";
      break;
    }
    append_visible(out, c);
  }
  return out + '"';
}

std::string redacted(std::string_view text) {
  std::string out(text);
  hide_url_password(out);
  hide_parameters(out);
  return out;
}

}  // namespace gantry::config
