#include "core/verify/crc32.hpp"

#include <array>

namespace gantry::verify {
namespace {

const std::array<uint32_t, 256> kTable = [] {
  std::array<uint32_t, 256> table{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t rest = byte;
    for (int bit = 0; bit < 8; ++bit) rest = (rest & 1) ? rest >> 1 ^ 0xEDB88320u : rest >> 1;
    table[byte] = rest;
  }
  return table;
}();

}  // namespace

void Crc32::bytes(std::string_view bytes) {
  for (const char c : bytes)
    state_ = state_ >> 8 ^ kTable[(state_ ^ static_cast<unsigned char>(c)) & 0xff];
}

void Crc32::number(int64_t number) {
  char raw[8];
  auto rest = static_cast<uint64_t>(number);
  for (char& byte : raw) {
    byte = static_cast<char>(rest & 0xff);
    rest >>= 8;
  }
  bytes({raw, sizeof raw});
}

uint32_t checksum_of(const Event& event) {
  Crc32 crc;
  crc.number(event.position);
  crc.number(event.version);
  crc.number(event.recorded_at);
  crc.bytes(event.id.raw());
  crc.text(event.stream);
  crc.text(event.type);
  crc.text(event.data);
  crc.text(event.meta);
  return crc.value();
}

}  // namespace gantry::verify
