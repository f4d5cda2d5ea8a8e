// A plugin is built out of tree, from the installed SDK alone.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "tests/unit/sdk/command.hpp"

namespace gantry::sdk_test {
namespace {

class Installed : public testing::Test {
 protected:
  Installed() {
    char pattern[] = "/tmp/gantry_sdk_XXXXXX";
    folder_ = ::mkdtemp(pattern);
    const Ran ran =
        run(std::string(GANTRY_CMAKE) +
            " --install " GANTRY_BUILD_DIR " --component sdk --prefix " + folder_ + "/sdk");
    EXPECT_EQ(ran.status, 0) << ran.output;
  }
  ~Installed() override { std::filesystem::remove_all(folder_); }

  // Builds the example; returns the symbols that its library defines for others.
  std::string exports_of(const std::string& example, const std::string& environment) {
    const std::string source = folder_ + "/" + example;
    std::filesystem::copy(std::string(GANTRY_SDK_DIR) + "/examples/" + example, source,
                          std::filesystem::copy_options::recursive);
    const std::string build = source + "/build";
    const Ran ran =
        run(environment + " " GANTRY_CMAKE " -G Ninja -S " + source + " -B " + build +
            " -DCMAKE_PREFIX_PATH=" + folder_ + "/sdk && " GANTRY_CMAKE " --build " + build);
    EXPECT_EQ(ran.status, 0) << ran.output;
    return run("nm -D --defined-only " + build + "/*.so | cut -d' ' -f3").output;
  }
  std::string folder_;
};

TEST_F(Installed, BuildsAPluginInC) {
  EXPECT_EQ(exports_of("hello_c", "CC=cc"), "gantry_plugin_entry\n");
}

TEST_F(Installed, BuildsAPluginInCWithClang) {
  if (!have("clang-14")) GTEST_SKIP() << "clang-14 is not installed";
  EXPECT_EQ(exports_of("hello_c", "CC=clang-14"), "gantry_plugin_entry\n");
}

TEST_F(Installed, BuildsAPluginInCxx) {
  EXPECT_EQ(exports_of("hello_cpp", "CXX=g++"), "gantry_plugin_entry\n");
}

}  // namespace
}  // namespace gantry::sdk_test
