// Uuid: 128 bits, lower-case text form. New random ids come from the host (abi/ids.h), never from
// here; uuid5 is a pure function and so may be used in decisions.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gantry/abi/base.h"

namespace gantry {

class Uuid {
 public:
  constexpr Uuid() = default;
  explicit Uuid(const gantry_uuid& raw) { std::memcpy(bytes_.data(), raw.bytes, 16); }
  explicit constexpr Uuid(const std::array<uint8_t, 16>& bytes) : bytes_(bytes) {}

  // Accepts exactly the 36-character form, either case; anything else is nullopt.
  static std::optional<Uuid> parse(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    Uuid id;
    size_t at = 0;
    for (size_t i = 0; i < 16; ++i) {
      if (i == 4 || i == 6 || i == 8 || i == 10) {
        if (text[at++] != '-') return std::nullopt;
      }
      const int high = nibble(text[at]), low = nibble(text[at + 1]);
      if (high < 0 || low < 0) return std::nullopt;
      id.bytes_[i] = static_cast<uint8_t>(high << 4 | low);
      at += 2;
    }
    return id;
  }

  std::string text() const {
    static constexpr char kHex[] = "0123456789abcdef";
    std::string out;
    out.reserve(36);
    for (size_t i = 0; i < 16; ++i) {
      if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
      out += kHex[bytes_[i] >> 4];
      out += kHex[bytes_[i] & 15];
    }
    return out;
  }

  gantry_uuid raw() const {
    gantry_uuid out;
    std::memcpy(out.bytes, bytes_.data(), 16);
    return out;
  }
  const std::array<uint8_t, 16>& bytes() const { return bytes_; }
  bool is_nil() const { return *this == Uuid(); }

  friend bool operator==(const Uuid& a, const Uuid& b) { return a.bytes_ == b.bytes_; }
  friend std::strong_ordering operator<=>(const Uuid& a, const Uuid& b) {
    return std::memcmp(a.bytes_.data(), b.bytes_.data(), 16) <=> 0;
  }

 private:
  static int nibble(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  }
  std::array<uint8_t, 16> bytes_{};
};

namespace detail {
// SHA-1 for uuid5 only (RFC 9562 section 5.5); not used for security.
class Sha1 {
 public:
  void update(std::string_view data) {
    for (const char c : data) {
      block_[length_++ % 64] = static_cast<uint8_t>(c);
      if (length_ % 64 == 0) compress();
    }
  }
  std::array<uint8_t, 20> finish() {
    const uint64_t bits = length_ * 8;
    update(std::string_view("\x80", 1));
    while (length_ % 64 != 56) update(std::string_view("\0", 1));
    for (int i = 7; i >= 0; --i) {
      const char byte = static_cast<char>(bits >> (8 * i));
      update(std::string_view(&byte, 1));
    }
    std::array<uint8_t, 20> out{};
    for (size_t i = 0; i < 20; ++i) out[i] = static_cast<uint8_t>(h_[i / 4] >> (24 - 8 * (i % 4)));
    return out;
  }

 private:
  static uint32_t rotate(uint32_t v, int n) { return v << n | v >> (32 - n); }
  void compress() {
    uint32_t w[80];
    for (size_t i = 0; i < 16; ++i) {
      w[i] = static_cast<uint32_t>(block_[4 * i]) << 24 |
             static_cast<uint32_t>(block_[4 * i + 1]) << 16 |
             static_cast<uint32_t>(block_[4 * i + 2]) << 8 | block_[4 * i + 3];
    }
    for (size_t i = 16; i < 80; ++i) w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    uint32_t a = h_[0], b = h_[1], c = h_[2], d = h_[3], e = h_[4];
    for (size_t i = 0; i < 80; ++i) {
      uint32_t f, k;
      if (i < 20)
        f = (b & c) | (~b & d), k = 0x5A827999;
      else if (i < 40)
        f = b ^ c ^ d, k = 0x6ED9EBA1;
      else if (i < 60)
        f = (b & c) | (b & d) | (c & d), k = 0x8F1BBCDC;
      else
        f = b ^ c ^ d, k = 0xCA62C1D6;
      const uint32_t t = rotate(a, 5) + f + e + k + w[i];
      e = d, d = c, c = rotate(b, 30), b = a, a = t;
    }
    h_[0] += a, h_[1] += b, h_[2] += c, h_[3] += d, h_[4] += e;
  }
  uint32_t h_[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  std::array<uint8_t, 64> block_{};
  uint64_t length_ = 0;
};
}  // namespace detail

// Name-based id, RFC 9562 section 5.5: the same name in the same space is always the same id.
inline Uuid uuid5(const Uuid& space, std::string_view name) {
  detail::Sha1 sha;
  sha.update({reinterpret_cast<const char*>(space.bytes().data()), 16});
  sha.update(name);
  const auto digest = sha.finish();
  std::array<uint8_t, 16> bytes;
  std::memcpy(bytes.data(), digest.data(), 16);
  bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0F) | 0x50);
  bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3F) | 0x80);
  return Uuid(bytes);
}

}  // namespace gantry

template <>
struct std::hash<gantry::Uuid> {
  size_t operator()(const gantry::Uuid& id) const noexcept {
    uint64_t low;
    std::memcpy(&low, id.bytes().data() + 8, 8);
    return static_cast<size_t>(low);
  }
};
