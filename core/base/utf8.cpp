#include "core/base/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace gantry::base {
namespace {

// Bytes of the sequence at `at`, 0 when malformed. Unicode 15, table 3-7.
size_t sequence_bytes(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  const auto follows = [&](size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned first = byte(0), second = byte(1);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4 || !follows(1)) return 0;
  if (first < 0xE0) return 2;
  if (first == 0xE0 && second < 0xA0) return 0;
  if (first == 0xED && second > 0x9F) return 0;
  if (!follows(2)) return 0;
  if (first < 0xF0) return 3;
  if (first == 0xF0 && second < 0x90) return 0;
  if (first == 0xF4 && second > 0x8F) return 0;
  return follows(3) ? 4 : 0;
}

}  // namespace

size_t first_malformed(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    uint64_t eight;
    while (text.size() - at >= sizeof eight) {  // ASCII in strides
      std::memcpy(&eight, text.data() + at, sizeof eight);
      if (eight & 0x8080808080808080U) break;
      at += sizeof eight;
    }
    if (at == text.size()) break;
    const size_t bytes = sequence_bytes(text, at);
    if (bytes == 0) return at;
    at += bytes;
  }
  return std::string_view::npos;
}

size_t code_points(std::string_view text) {
  size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  return count;
}

}  // namespace gantry::base
