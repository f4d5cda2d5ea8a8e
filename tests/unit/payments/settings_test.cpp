#include "settings.hpp"

#include <gtest/gtest.h>

namespace gantry::payments {
namespace {

using namespace std::chrono_literals;

TEST(ResolveDelay, DoublesUpToItsMaximum) {
  const Settings settings;
  EXPECT_EQ(settings.resolve_delay(0), 1s);
  EXPECT_EQ(settings.resolve_delay(1), 2s);
  EXPECT_EQ(settings.resolve_delay(4), 16s);
  EXPECT_EQ(settings.resolve_delay(9), 300s);
  EXPECT_EQ(settings.resolve_delay(1'000'000'000), 300s);
}

}  // namespace
}  // namespace gantry::payments
