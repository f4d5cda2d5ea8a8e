#include "plugins/auth/email.hpp"

#include <gtest/gtest.h>

namespace gantry::auth {
namespace {

TEST(NormalisedEmail, IsTheSameForAllWritingsOfOneAddress) {
  EXPECT_EQ(normalised_email("ada@example.com"), "ada@example.com");
  EXPECT_EQ(normalised_email("  Ada@Example.COM\n"), "ada@example.com");
}

TEST(NormalisedEmail, KeepsWhatDistinguishesTwoPeople) {
  EXPECT_NE(normalised_email("ada+a@example.com"), normalised_email("ada@example.com"));
  EXPECT_NE(normalised_email("a.da@example.com"), normalised_email("ada@example.com"));
}

TEST(NormalisedEmail, RefusesWhatCannotBeAnAddress) {
  for (const char* text :
       {"", "   ", "ada", "@example.com", "ada@", "ada@example", "ada@.com", "ada@example.",
        "ada@a..b", "a@b@c.de", "a da@example.com", "ada@exa mple.com", "<ada@example.com>",
        "ada@example.com;eve@example.com", "ada\"@example.com", "ada\x01@example.com"}) {
    EXPECT_EQ(normalised_email(text), std::nullopt) << text;
  }
}

TEST(NormalisedEmail, TakesAtMost254Bytes) {
  const std::string domain = "@example.com";
  EXPECT_TRUE(normalised_email(std::string(254 - domain.size(), 'a') + domain));
  EXPECT_FALSE(normalised_email(std::string(255 - domain.size(), 'a') + domain));
}

}  // namespace
}  // namespace gantry::auth
