// The macros as a release sees them, and the release itself.
#undef GANTRY_FAIL_POINTS
#undef GANTRY_MUTATIONS
#include <gtest/gtest.h>

#include <filesystem>
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
TEST(Release, HoldsNoFailPointAndNoMutation) {
  const std::string file = GANTRY_SOURCE_DIR "/build/release/bin/gantry";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "there is no " << file;
  std::ostringstream bytes;
  bytes << std::ifstream(file, std::ios::binary).rdbuf();
  const std::string binary = bytes.str();
  ASSERT_NE(binary.find("host.ready"), binary.npos) << "that is not the server";
  for (const std::string_view name : kFailPoints) EXPECT_EQ(binary.find(name), binary.npos) << name;
  for (const Mutation& one : kMutations) EXPECT_EQ(binary.find(one.name), binary.npos) << one.name;
  for (const char* text : {"GANTRY_FAIL", "GANTRY_MUTATE", "hit_fail_point", "is_mutated"})
    EXPECT_EQ(binary.find(text), binary.npos) << text;
}

}  // namespace
}  // namespace gantry::runtime
