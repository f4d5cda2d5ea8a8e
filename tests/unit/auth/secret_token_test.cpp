#include "plugins/auth/secret_token.hpp"

#include <gtest/gtest.h>

namespace gantry::auth {
namespace {

std::string hex(std::string_view bytes) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += kHex[static_cast<unsigned char>(c) >> 4];
    out += kHex[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

TEST(Base64Url, IsThatOfRfc4648WithoutPadding) {
  const auto encoded = [](std::initializer_list<uint8_t> bytes) {
    const std::vector<uint8_t> list(bytes);
    return base64url(list);
  };
  EXPECT_EQ(encoded({}), "");
  EXPECT_EQ(encoded({'f'}), "Zg");
  EXPECT_EQ(encoded({'f', 'o'}), "Zm8");
  EXPECT_EQ(encoded({'f', 'o', 'o'}), "Zm9v");
  EXPECT_EQ(encoded({'f', 'o', 'o', 'b'}), "Zm9vYg");
  EXPECT_EQ(encoded({0xfb, 0xff}), "-_8");
}

TEST(Token, Has43CharactersOfBase64Url) {
  const std::array<uint8_t, 32> bytes{};
  EXPECT_EQ(base64url(bytes).size(), kTokenChars);
  EXPECT_TRUE(looks_like_token(base64url(bytes)));
  EXPECT_FALSE(looks_like_token(std::string(42, 'a')));
  EXPECT_FALSE(looks_like_token(std::string(44, 'a')));
  EXPECT_FALSE(looks_like_token(std::string(42, 'a') + "+"));
  EXPECT_FALSE(looks_like_token(""));
}

// The first example of FIPS 180-4.
TEST(Digest, IsSha256) {
  EXPECT_EQ(hex(bytes_of(digest_of("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, IsComparedWhole) {
  const Digest digest = digest_of("abc");
  std::string stored(bytes_of(digest));
  EXPECT_TRUE(same(digest, stored));
  stored.back() = static_cast<char>(stored.back() ^ 1);
  EXPECT_FALSE(same(digest, stored));
  EXPECT_FALSE(same(digest, stored.substr(0, 31)));
  EXPECT_FALSE(same(digest, ""));
}

}  // namespace
}  // namespace gantry::auth
