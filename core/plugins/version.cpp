#include "core/plugins/version.hpp"

#include <charconv>

#include "gantry/text.hpp"

namespace gantry::plugins {
namespace {
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

// Takes one number without leading zeros off the front.
bool take_number(std::string_view& text, uint32_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || (text[0] == '0' && end != text.data() + 1)) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return true;
}
bool take(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

// "rc.1": words joined by dots, none empty.
bool are_words(std::string_view text) {
  bool empty = true;
  for (const char c : text) {
    if (c == '.' ? empty : !is_word(c)) return false;
    empty = c == '.';
  }
  return !empty;
}

bool is_number(std::string_view word) {
  for (const char c : word) {
    if (!is_digit(c)) return false;
  }
  return true;
}

std::string_view take_word(std::string_view& text) {
  const auto end = text.find('.');
  const auto word = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return word;
}

std::strong_ordering compare_words(std::string_view a, std::string_view b) {
  if (is_number(a) && is_number(b)) {
    if (a.size() != b.size()) return a.size() <=> b.size();
    return a <=> b;
  }
  if (is_number(a) != is_number(b)) {
    return is_number(a) ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  return a <=> b;
}
}  // namespace

std::optional<Version> Version::parse(std::string_view text) {
  Version version;
  if (!take_number(text, version.major) || !take(text, '.') || !take_number(text, version.minor) ||
      !take(text, '.') || !take_number(text, version.patch)) {
    return std::nullopt;
  }
  if (const auto plus = text.find('+'); plus != std::string_view::npos) {
    if (!are_words(text.substr(plus + 1))) return std::nullopt;
    text = text.substr(0, plus);
  }
  if (text.empty()) return version;
  if (!take(text, '-') || !are_words(text)) return std::nullopt;
  version.pre = text;
  return version;
}

std::string Version::text() const {
  return join(major, '.', minor, '.', patch, pre.empty() ? "" : "-", pre);
}

std::strong_ordering operator<=>(const Version& a, const Version& b) {
  if (const auto c = a.major <=> b.major; c != 0) return c;
  if (const auto c = a.minor <=> b.minor; c != 0) return c;
  if (const auto c = a.patch <=> b.patch; c != 0) return c;
  if (a.pre.empty() || b.pre.empty()) return a.pre.empty() <=> b.pre.empty();
  std::string_view left = a.pre, right = b.pre;
  while (!left.empty() && !right.empty()) {
    if (const auto c = compare_words(take_word(left), take_word(right)); c != 0) return c;
  }
  return left.size() <=> right.size();
}

}  // namespace gantry::plugins
