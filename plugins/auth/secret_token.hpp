// SecretToken: 256 random bits that prove something to whoever has their SHA-256. The token goes to
// its owner once and is never stored or logged; Digest is what is kept.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace gantry::auth {

using Digest = std::array<uint8_t, 32>;

constexpr size_t kTokenChars = 43;  // 32 bytes in base64url without padding (RFC 4648 section 5)

std::string base64url(std::span<const uint8_t> bytes);

// Right length and alphabet; says nothing about whether it is good for anything.
bool looks_like_token(std::string_view text);

Digest digest_of(std::string_view token);
std::string_view bytes_of(const Digest& digest);

// Compares in a time that does not depend on where the two differ.
bool same(const Digest& digest, std::string_view stored_bytes);

}  // namespace gantry::auth
