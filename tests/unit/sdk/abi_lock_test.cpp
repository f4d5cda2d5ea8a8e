// The boundary is as sdk/abi.lock says.
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/sdk/command.hpp"

namespace gantry::sdk_test {
namespace {
const std::string kSdk = GANTRY_SDK_DIR;

TEST(AbiLock, IsWhatTheHeadersSay) {
  if (!have("clang-14")) GTEST_SKIP() << "clang-14 lays out the structs; it is not installed";
  const Ran ran = run(kSdk + "/abi_lock.sh --print | diff -u " + kSdk + "/abi.lock -");
  EXPECT_EQ(ran.status, 0)
      << "The boundary differs from sdk/abi.lock (- locked, + headers):\n"
      << ran.output
      << "If the change is meant (until SDK 1.0 lines may change, afterwards they are "
         "only added), run\n  ./dev abi-lock\n";
}

TEST(AbiLock, HoldsEveryStructOfTheHeaders) {
  const Ran ran =
      run("grep -rhoE '^typedef struct [a-z_0-9]+ \\{' " + kSdk +
          "/include --include=*.h | cut -d' ' -f3 | sort | while read -r name; do grep -q "
          "\"^struct $name size\" " +
          kSdk + "/abi.lock || echo \"$name\"; done");
  EXPECT_EQ(ran.output, "");
}

}  // namespace
}  // namespace gantry::sdk_test
