// The checksum of an event, computed from its documented layout (docs/reference/verify.md).
#pragma once
#include <cstdint>
#include <string_view>

#include "core/verify/event.hpp"

namespace gantry::verify {

// CRC-32 as in zlib: polynomial 0xEDB88320, reflected, all ones before and after.
class Crc32 {
 public:
  void bytes(std::string_view bytes);
  void number(int64_t number);        // 8 bytes, the lowest first
  void text(std::string_view text) {  // its length, then itself
    number(static_cast<int64_t>(text.size()));
    bytes(text);
  }
  uint32_t value() const { return ~state_; }

 private:
  uint32_t state_ = 0xFFFFFFFFu;
};

uint32_t checksum_of(const Event& event);

}  // namespace gantry::verify
