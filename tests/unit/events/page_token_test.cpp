#include "gantry/page_token.hpp"

#include <gtest/gtest.h>

namespace gantry {
namespace {

std::string hex(const Sha256Digest& digest) {
  std::string out;
  for (const uint8_t byte : digest) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

// Source: FIPS 180-4 examples.
TEST(Sha256, MatchesItsTestVectors) {
  EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hex(sha256(std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// Source: RFC 4231, cases 2 and 6.
TEST(HmacSha256, MatchesItsTestVectors) {
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(hmac_sha256(std::string(131, '\xaa'),
                            "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(PageTokens, GiveBackWhatTheySealed) {
  const PageTokens tokens("key");
  for (const std::string cursor : {"", "1", "ab", "abc", "1800000000000000 0190-…"})
    EXPECT_EQ(tokens.open("scope", tokens.seal("scope", cursor)), cursor);
}

TEST(PageTokens, OpenOnlyInTheirScopeWithTheirKey) {
  const PageTokens tokens("key"), others("other");
  const std::string token = tokens.seal("user 1", "cursor");
  EXPECT_EQ(tokens.open("user 2", token), std::nullopt);
  EXPECT_EQ(others.open("user 1", token), std::nullopt);
}

TEST(PageTokens, DoNotOpenWhenChanged) {
  const PageTokens tokens("key");
  std::string token = tokens.seal("scope", "cursor");
  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(tokens.open("scope", changed), std::nullopt) << i;
  }
  EXPECT_EQ(tokens.open("scope", ""), std::nullopt);
  EXPECT_EQ(tokens.open("scope", "not base64 !"), std::nullopt);
}

}  // namespace
}  // namespace gantry
