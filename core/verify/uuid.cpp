#include "core/verify/uuid.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cctype>

namespace gantry::verify {
namespace {

constexpr char kHex[] = "0123456789abcdef";

std::string digest_of(const EVP_MD* kind, std::string_view a, std::string_view b) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  std::string whole(a);
  whole += b;
  EVP_Digest(whole.data(), whole.size(), out, &size, kind, nullptr);
  return {reinterpret_cast<char*>(out), size};
}

}  // namespace

std::optional<Uuid> Uuid::from_bytes(std::string_view raw) {
  if (raw.size() != 16) return std::nullopt;
  Uuid id;
  std::memcpy(id.bytes.data(), raw.data(), 16);
  return id;
}

std::optional<Uuid> Uuid::from_text(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Uuid id;
  size_t nibbles = 0;
  for (size_t i = 0; i < 36; ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const int low = std::tolower(static_cast<unsigned char>(text[i]));
    const char* at = std::find(kHex, kHex + 16, low);
    if (at == kHex + 16) return std::nullopt;
    id.bytes[nibbles / 2] = static_cast<unsigned char>(id.bytes[nibbles / 2] << 4 | (at - kHex));
    ++nibbles;
  }
  return id;
}

std::string Uuid::text() const {
  std::string out;
  for (size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += kHex[bytes[i] >> 4];
    out += kHex[bytes[i] & 15];
  }
  return out;
}

Uuid uuid5(const Uuid& space, std::string_view name) {
  const std::string digest = digest_of(EVP_sha1(), space.raw(), name);
  Uuid id = *Uuid::from_bytes(std::string_view(digest).substr(0, 16));
  id.bytes[6] = static_cast<unsigned char>((id.bytes[6] & 0x0f) | 0x50);
  id.bytes[8] = static_cast<unsigned char>((id.bytes[8] & 0x3f) | 0x80);
  return id;
}

std::string sha256_hex(std::string_view bytes) {
  std::string out;
  for (const char c : digest_of(EVP_sha256(), bytes, {})) {
    out += kHex[static_cast<unsigned char>(c) >> 4];
    out += kHex[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

}  // namespace gantry::verify
