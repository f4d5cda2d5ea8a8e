// The examples, built as a stranger would: against the installed SDK, without the host's sources,
// by different compilers and standard libraries; then all in one host.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "gantry/text.hpp"
#include "tests/support/server.hpp"

namespace gantry::tests {
namespace {

namespace fs = std::filesystem;

class OutOfTree : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(plugins());
    ASSERT_TRUE(shell(join("cmake --install ", GANTRY_BUILD_DIR, " --component sdk --prefix ",
                           work_.path(), "/sdk")));
  }

  std::string plugins() const { return work_.path() + "/plugins"; }

  // Runs a command; its output is in log() when it fails.
  bool shell(const std::string& command) {
    const std::string file = work_.path() + "/log";
    const int code = std::system(join("{ ", command, "; } >", file, " 2>&1").c_str());
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    log_ = text.str();
    return code == 0;
  }
  const std::string& log() const { return log_; }

  // Copies the example away from the project, builds it there, and puts it into the plugin
  // directory, under another id when one is given.
  bool build(const std::string& example, const std::string& id, const std::string& options) {
    const std::string from = join(Server::source_dir(), "/sdk/examples/", example);
    const std::string to = join(work_.path(), "/src-", id);
    if (!shell(join("cp -r ", from, " ", to))) return false;
    if (id != example) {
      // The same plugin under another name and another path, so that both fit into one host.
      if (!shell(join("cd ", to, " && sed -i 's/", example, "/", id,
                      "/g' CMakeLists.txt plugin.yaml && sed -i 's#/hello#/", id,
                      "#g; s/hello_cpp.greeted/", id, ".greeted/' plugin.cpp greetings.hpp"))) {
        return false;
      }
    }
    return shell(join("env -u CFLAGS -u CXXFLAGS cmake -G Ninja -S ", to, " -B ", to,
                      "/build -DCMAKE_PREFIX_PATH=", work_.path(), "/sdk ", options,
                      " && cmake --build ", to, "/build && cp ", to, "/build/", id, ".so ",
                      plugins()));
  }

  TemporaryDirectory work_;
  std::string log_;
};

TEST_F(OutOfTree, ExamplesOfAllCompilersRunInOneHost) {
  ASSERT_TRUE(build("hello_c", "hello_c", "")) << log();
  ASSERT_TRUE(build("hello_cpp", "hello_cpp", "-DCMAKE_CXX_COMPILER=g++")) << log();
  ASSERT_TRUE(build("hello_cpp", "hello_libcxx",
                    "-DCMAKE_CXX_COMPILER=clang++-14 -DCMAKE_CXX_FLAGS=-stdlib=libc++"))
      << log();

  Server server({.config = join(R"(
loader: {directories: [)",
                                plugins(), R"(]}
chains: {public: [request_id]}
plugins:
  hello_c: {}
  hello_cpp: {greeting: Good morning}
  hello_libcxx: {}
)")});
  ASSERT_TRUE(server.start()) << server.output();
  HttpClient client = server.client();
  EXPECT_EQ(client.get("/hello-c").body, R"({"message":"hello from C"})");
  EXPECT_EQ(client.get("/hello?name=Ada").body, R"({"message":"Good morning, Ada"})");
  EXPECT_EQ(client.get("/hello_libcxx?name=Ada").body, R"({"message":"Hello, Ada"})");
  for (const char* path : {"/hello/Bob", "/hello_libcxx/Bob"}) {
    ASSERT_EQ(client.post(path).status, 200) << path;
    const Answer counted = client.get(path);
    EXPECT_EQ(counted.status, 200) << counted.body;
    EXPECT_NE(counted.body.find("\"name\":\"Bob\",\"times\":"), std::string::npos) << counted.body;
  }
  EXPECT_EQ(server.stop(), 0) << server.output();
}

TEST_F(OutOfTree, TheSdkNeedsNoOtherLibraryAndNoSourceOfTheHost) {
  ASSERT_TRUE(shell(join("! grep -rlE '#include [<\"](Poco|openssl|sqlite3|rapidjson|core/)' ",
                         work_.path(), "/sdk")))
      << log();
}

}  // namespace
}  // namespace gantry::tests
