#include "core/log/crc32.hpp"

#include <gtest/gtest.h>

namespace gantry::log {
namespace {
TEST(Crc32, HasThePublishedCheckValue) { EXPECT_EQ(crc32("123456789"), 0xCBF43926u); }

TEST(Crc32, OfNothingIsZero) { EXPECT_EQ(crc32(""), 0u); }

TEST(Crc32, OfPartsIsThatOfTheWhole) {
  const std::string text = "The quick brown fox jumps over the lazy dog";
  EXPECT_EQ(crc32(text), 0x414FA339u);
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    EXPECT_EQ(crc32(std::string_view(text).substr(cut), crc32(text.substr(0, cut))), 0x414FA339u);
  }
}
}  // namespace
}  // namespace gantry::log
