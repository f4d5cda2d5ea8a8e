#include "core/runtime/system_ids.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstring>

#include "gantry/error.hpp"

namespace gantry::runtime {

Uuid SystemIds::uuid7() {
  const auto now_ms = static_cast<uint64_t>(clock_.now().us() / 1000);
  const std::lock_guard lock(mutex_);
  const uint64_t random_a = random_bits();
  const uint64_t random_b = random_bits();
  last_ = std::max(last_ + 1, now_ms << 12 | (random_a & 0x7FF));

  const uint64_t high = (last_ >> 12) << 16 | 0x7000 | (last_ & 0xFFF);
  const uint64_t low = (random_b & 0x3FFF'FFFF'FFFF'FFFF) | 0x8000'0000'0000'0000;
  std::array<uint8_t, 16> bytes;
  for (size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<uint8_t>(high >> (56 - 8 * i));
    bytes[8 + i] = static_cast<uint8_t>(low >> (56 - 8 * i));
  }
  return Uuid(bytes);
}

void SystemIds::random(std::span<std::byte> out) {
  while (!out.empty()) {
    const size_t count = std::min<size_t>(out.size(), 1 << 20);
    if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count)) != 1) {
      throw Error(Code::kInternal, "the random number generator failed");
    }
    out = out.subspan(count);
  }
}

uint64_t SystemIds::random_bits() {
  uint64_t bits;
  if (used_ + sizeof bits > pool_.size()) {
    random(pool_);
    used_ = 0;
  }
  std::memcpy(&bits, pool_.data() + used_, sizeof bits);
  OPENSSL_cleanse(pool_.data() + used_, sizeof bits);
  used_ += sizeof bits;
  return bits;
}

}  // namespace gantry::runtime
