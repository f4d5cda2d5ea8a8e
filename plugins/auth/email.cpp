#include "email.hpp"

#include <algorithm>

namespace gantry::auth {
namespace {

constexpr size_t kBytesMin = 3, kBytesMax = 254;  // RFC 5321 section 4.5.3.1.3

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const size_t first = text.find_first_not_of(kBlank);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

bool is_domain(std::string_view text) {
  if (text.empty() || text.front() == '.' || text.back() == '.') return false;
  return text.find('.') != text.npos && text.find("..") == text.npos;
}

}  // namespace

std::optional<std::string> normalised_email(std::string_view text) {
  text = trimmed(text);
  if (text.size() < kBytesMin || text.size() > kBytesMax) return std::nullopt;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f) return std::nullopt;
    if (std::string_view("<>\"'&\\;,()").find(c) != std::string_view::npos) return std::nullopt;
  }
  const size_t at = text.find('@');
  if (at == text.npos || at == 0 || text.find('@', at + 1) != text.npos) return std::nullopt;
  if (!is_domain(text.substr(at + 1))) return std::nullopt;
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

}  // namespace gantry::auth
