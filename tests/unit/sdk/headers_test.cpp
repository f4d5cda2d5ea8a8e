// Every header of the boundary compiles alone: as strict C99, and as C++20 with both compilers.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/unit/sdk/command.hpp"

namespace gantry::sdk_test {
namespace {
std::vector<std::string> headers(const std::string& extension) {
  std::vector<std::string> found;
  const std::filesystem::path include = std::string(GANTRY_SDK_DIR) + "/include";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(include)) {
    if (entry.path().extension() == extension)
      found.push_back(std::filesystem::relative(entry.path(), include).string());
  }
  return found;
}

void expect_compiles(const std::string& compiler, const std::string& language,
                     const std::string& flags, const std::string& extension) {
  const auto all = headers(extension);
  EXPECT_FALSE(all.empty());
  for (const std::string& header : all) {
    const Ran ran = run(
        "echo '#include \"" + header + "\"' | " + compiler + " -x " + language + " " + flags +
        " -Wall -Wextra -Wpedantic -Wshadow -Werror -fsyntax-only -I" GANTRY_SDK_DIR "/include -");
    EXPECT_EQ(ran.status, 0) << header << "\n" << ran.output;
  }
}

TEST(Headers, OfTheBoundaryAreStrictC99) {
  expect_compiles("cc", "c", "-std=c99 -pedantic-errors", ".h");
}

TEST(Headers, OfTheBoundaryAreStrictC99WithClang) {
  if (!have("clang-14")) GTEST_SKIP() << "clang-14 is not installed";
  expect_compiles("clang-14", "c", "-std=c99 -pedantic-errors", ".h");
}

TEST(Headers, OfTheBoundaryAreCxx20) { expect_compiles("g++", "c++", "-std=c++20", ".h"); }

TEST(Headers, OfTheBoundaryAreCxx20WithClang) {
  if (!have("clang++-14")) GTEST_SKIP() << "clang++-14 is not installed";
  expect_compiles("clang++-14", "c++", "-std=c++20", ".h");
}

}  // namespace
}  // namespace gantry::sdk_test
