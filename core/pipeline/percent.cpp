#include "core/pipeline/percent.hpp"

#include "core/base/utf8.hpp"

namespace gantry::pipeline {
namespace {

int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<std::string_view> percent_decoded(std::string_view text,
                                                std::pmr::memory_resource& arena) {
  if (text.find('%') == text.npos) return text;
  auto* out = static_cast<char*>(arena.allocate(text.size(), 1));
  size_t size = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out[size++] = text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? nibble(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? nibble(text[i + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    const int byte = high << 4 | low;
    if (byte < 0x20 || byte == 0x7F) return std::nullopt;
    out[size++] = static_cast<char>(byte);
    i += 2;
  }
  const std::string_view decoded(out, size);
  if (base::first_malformed(decoded) != decoded.npos) return std::nullopt;
  return decoded;
}

}  // namespace gantry::pipeline
