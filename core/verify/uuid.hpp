// Uuid: 128 bits and the name-based form of RFC 9562 section 5.5. Written for this program alone: a
// fault in the server's own must not be repeated here.
#pragma once
#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace gantry::verify {

struct Uuid {
  std::array<unsigned char, 16> bytes{};

  static std::optional<Uuid> from_bytes(std::string_view raw);  // 16 of them
  static std::optional<Uuid> from_text(std::string_view text);  // 8-4-4-4-12, either case
  std::string text() const;
  std::string_view raw() const { return {reinterpret_cast<const char*>(bytes.data()), 16}; }

  friend bool operator==(const Uuid&, const Uuid&) = default;
};

Uuid uuid5(const Uuid& space, std::string_view name);

// SHA-256 in lower-case hex; in uuid.cpp because both digests come from libcrypto.
std::string sha256_hex(std::string_view bytes);

}  // namespace gantry::verify

template <>
struct std::hash<gantry::verify::Uuid> {
  size_t operator()(const gantry::verify::Uuid& id) const noexcept {
    uint64_t parts[2];
    std::memcpy(parts, id.bytes.data(), sizeof parts);
    return static_cast<size_t>(parts[0] * 0x9E3779B97F4A7C15u ^ parts[1]);
  }
};
