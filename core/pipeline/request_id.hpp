// Request ids: what a client may choose, and how ours look.
#pragma once
#include <string>
#include <string_view>

#include "gantry/uuid.hpp"

namespace gantry::pipeline {

// 1..128 visible ASCII characters.
inline bool is_visible_ascii(std::string_view text) {
  if (text.empty() || text.size() > 128) return false;
  for (const char c : text) {
    if (c <= 0x20 || c >= 0x7F) return false;
  }
  return true;
}

// Uuid::text() into memory that is there already.
inline void assign_text(std::string& out, const Uuid& id) {
  static constexpr char kHex[] = "0123456789abcdef";
  out.clear();
  for (size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += kHex[id.bytes()[i] >> 4];
    out += kHex[id.bytes()[i] & 15];
  }
}

}  // namespace gantry::pipeline
