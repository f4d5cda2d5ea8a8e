#include "core/http/syntax.hpp"

#include <cstring>

namespace gantry::http {
namespace {

constexpr bool is_alnum(int c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr bool is_one_of(int c, std::string_view set) {
  for (const char each : set) {
    if (c == each) return true;
  }
  return false;
}

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

constexpr std::array<char, 256> token_table() {
  std::array<char, 256> table{};
  for (int c = 0; c < 128; ++c) {
    if (is_alnum(c) || is_one_of(c, "!#$%&'*+-.^_`|~")) {
      table[static_cast<size_t>(c)] = lower(static_cast<char>(c));
    }
  }
  return table;
}

constexpr std::array<bool, 256> table_of(std::string_view others) {
  std::array<bool, 256> table{};
  for (int c = 0; c < 128; ++c) table[static_cast<size_t>(c)] = is_alnum(c) || is_one_of(c, others);
  return table;
}

constexpr auto kTarget = table_of("-._~%!$&'()*+,;=:@/?[]");
constexpr auto kName = table_of("-._~");

bool is_port(std::string_view text) {
  if (text.empty() || text.size() > 5) return false;
  int port = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    port = port * 10 + (c - '0');
  }
  return port <= 65535;
}

bool is_ipv6(std::string_view text) {
  if (text.size() < 2) return false;
  for (const char c : text) {
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (!hex && c != ':' && c != '.') return false;
  }
  return text.find(':') != std::string_view::npos;
}

}  // namespace

constexpr std::array<char, 256> kTokenLower = token_table();

bool is_token(std::string_view text) {
  for (const char c : text) {
    if (!is_token_byte(c)) return false;
  }
  return !text.empty();
}

size_t bad_field_byte(std::string_view value) {
  constexpr uint64_t kOnes = 0x0101010101010101, kHigh = 0x8080808080808080;
  size_t at = 0;
  for (; at + 8 <= value.size(); at += 8) {
    // Eight bytes at once: any below 0x20, or 0x7F. HTAB is flagged too and sorted out below.
    uint64_t word;
    std::memcpy(&word, value.data() + at, 8);
    const uint64_t control = (word - kOnes * 0x20) & ~word & kHigh;
    const uint64_t delete_ = word ^ (kOnes * 0x7F);
    if ((control | ((delete_ - kOnes) & ~delete_ & kHigh)) == 0) continue;
    for (size_t i = at; i < at + 8; ++i) {
      if (!is_field_byte(value[i])) return i;
    }
  }
  for (; at < value.size(); ++at) {
    if (!is_field_byte(value[at])) return at;
  }
  return std::string_view::npos;
}

bool is_target(std::string_view text) {
  for (const char c : text) {
    if (!kTarget[static_cast<uint8_t>(c)]) return false;
  }
  return true;
}

bool is_authority(std::string_view text) {
  size_t end;
  if (text.starts_with('[')) {
    end = text.find(']');
    if (end == std::string_view::npos || !is_ipv6(text.substr(1, end - 1))) return false;
    ++end;
  } else {
    end = text.find(':');
    if (end == std::string_view::npos) end = text.size();
    if (end == 0) return false;
    for (const char c : text.substr(0, end)) {
      if (!kName[static_cast<uint8_t>(c)]) return false;
    }
  }
  return end == text.size() || (text[end] == ':' && is_port(text.substr(end + 1)));
}

bool same_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

std::string_view trim(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view next_element(std::string_view& list) {
  const size_t comma = list.find(',');
  const std::string_view element = trim(list.substr(0, comma));
  list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  return element;
}

}  // namespace gantry::http
