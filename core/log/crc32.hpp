// CRC-32 as in zlib and Ethernet (polynomial 0xEDB88320, reflected): finds damaged rows, no
// protection against intent.
#pragma once
#include <cstdint>
#include <string_view>

namespace gantry::log {

// crc32(b, crc32(a)) is the checksum of a followed by b.
uint32_t crc32(std::string_view bytes, uint32_t before = 0);

}  // namespace gantry::log
