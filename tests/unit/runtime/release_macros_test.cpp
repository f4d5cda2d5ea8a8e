// The macros as a release sees them, and the release itself.
#undef GANTRY_FAIL_POINTS
#undef GANTRY_MUTATIONS
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "core/runtime/fail_point.hpp"
#include "core/runtime/mutation.hpp"

namespace gantry::runtime {
namespace {

// What can be evaluated while compiling calls nothing that could crash.
constexpr int passed_point() {
  GANTRY_FAIL_POINT("append.before_commit");
  return 1;
}
static_assert(passed_point() == 1);
static_assert(!GANTRY_MUTATED("no_fence"));

// Built by ./dev test before the tests; without it there is nothing to look at.
std::string release_file(const std::string& name) {
  std::ostringstream bytes;
  bytes << std::ifstream(GANTRY_SOURCE_DIR "/build/release/" + name, std::ios::binary).rdbuf();
  return bytes.str();
}

TEST(Release, HoldsNoFailPointAndNoMutation) {
  const std::string binary = release_file("bin/gantry");
  if (binary.empty()) GTEST_SKIP() << "the release is not built";
  ASSERT_NE(binary.find("host.ready"), binary.npos) << "that is not the server";
  for (const std::string_view name : kFailPoints) EXPECT_EQ(binary.find(name), binary.npos) << name;
  for (const Mutation& one : kMutations) EXPECT_EQ(binary.find(one.name), binary.npos) << one.name;
  for (const char* text :
       {"GANTRY_FAIL", "GANTRY_MUTATE", "GANTRY_CLOCK_SKEW", "hit_fail_point", "is_mutated"})
    EXPECT_EQ(binary.find(text), binary.npos) << text;
}

TEST(Release, HasPluginsWithoutMutationsToo) {
  const std::string plugin = release_file("plugins/payments.so");
  if (plugin.empty()) GTEST_SKIP() << "the release is not built";
  ASSERT_NE(plugin.find("payments.requested.v1"), plugin.npos) << "that is not the plugin";
  for (const char* text : {"GANTRY_MUTATE", "refund_twice"})
    EXPECT_EQ(plugin.find(text), plugin.npos) << text;
}

}  // namespace
}  // namespace gantry::runtime
