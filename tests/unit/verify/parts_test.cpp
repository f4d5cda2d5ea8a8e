#include <gtest/gtest.h>

#include "core/verify/client_history.hpp"
#include "core/verify/crc32.hpp"
#include "core/verify/time_text.hpp"

namespace gantry::verify {
namespace {

TEST(Crc32OfTheChecker, IsTheOneOfTheStandards) {
  Crc32 crc;
  crc.bytes("123456789");
  EXPECT_EQ(crc.value(), 0xCBF43926u);
}

TEST(UuidOfTheChecker, IsTheOneOfTheRfc) {  // RFC 9562, appendix A.4
  const Uuid dns = *Uuid::from_text("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
  EXPECT_EQ(uuid5(dns, "www.example.com").text(), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

TEST(UuidOfTheChecker, ReadsItsOwnTextAndNothingElse) {
  const Uuid id = uuid5(Uuid(), "x");
  EXPECT_EQ(Uuid::from_text(id.text()), id);
  EXPECT_FALSE(Uuid::from_text("6ba7b810-9dad-11d1-80b4-00c04fd430c"));
  EXPECT_FALSE(Uuid::from_text("6ba7b810-9dad-11d1-80b4-00c04fd430cg"));
  EXPECT_FALSE(Uuid::from_text("6ba7b81009dad-11d1-80b4-00c04fd430c8"));
}

TEST(TimeText, IsReadToTheMicrosecond) {
  EXPECT_EQ(time_in("1970-01-01T00:00:01.5Z"), 1'500'000);
  EXPECT_EQ(time_in("2027-01-15T08:00:00.000Z"), 1'800'000'000'000'000);
  EXPECT_FALSE(time_in("2027-01-15 08:00"));
}

TEST(CommandOfKey, DependsOnAllItsParts) {
  const Uuid one = command_of_key("u", "POST", "/api/x", "k");
  EXPECT_NE(one, command_of_key("u", "POST", "/api/x", "l"));
  EXPECT_NE(one, command_of_key("uP", "OST", "/api/x", "k"));
}

}  // namespace
}  // namespace gantry::verify
