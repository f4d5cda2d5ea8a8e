#include "secret_token.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>

#include "gantry/error.hpp"

namespace gantry::auth {
namespace {

constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

struct FreeAlgorithm {
  void operator()(EVP_MD* algorithm) const { EVP_MD_free(algorithm); }
};

}  // namespace

std::string base64url(std::span<const uint8_t> bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  uint32_t bits = 0;
  unsigned count = 0;  // of bits not written yet
  for (const uint8_t byte : bytes) {
    bits = bits << 8 | byte;
    count += 8;
    while (count >= 6) text += kAlphabet[bits >> (count -= 6) & 63];
  }
  if (count > 0) text += kAlphabet[bits << (6 - count) & 63];
  return text;
}

bool looks_like_token(std::string_view text) {
  const auto belongs = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  };
  return text.size() == kTokenChars && std::all_of(text.begin(), text.end(), belongs);
}

Digest digest_of(std::string_view token) {
  // Fetched once: looking the algorithm up costs more than the digest of a token.
  static const std::unique_ptr<EVP_MD, FreeAlgorithm> kSha256(
      EVP_MD_fetch(nullptr, "SHA256", nullptr));
  Digest digest;
  unsigned size = 0;
  if (!kSha256 ||
      EVP_Digest(token.data(), token.size(), digest.data(), &size, kSha256.get(), nullptr) != 1 ||
      size != digest.size())
    throw Error(Code::kInternal, "OpenSSL cannot compute SHA-256");
  return digest;
}

std::string_view bytes_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

bool same(const Digest& digest, std::string_view stored_bytes) {
  return stored_bytes.size() == digest.size() &&
         CRYPTO_memcmp(digest.data(), stored_bytes.data(), digest.size()) == 0;
}

}  // namespace gantry::auth
