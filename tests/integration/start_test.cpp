// How the server starts, or does not, and what signals do to it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "gantry/text.hpp"
#include "tests/support/server.hpp"

namespace gantry::tests {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

std::string default_config() { return Server::source_dir() + "/config/gantry.yaml"; }

// Until it holds, at most ten seconds.
template <class F>
bool soon(F&& holds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

std::string with_throwing(const std::string& section) {
  return join("loader: {directories: [", GANTRY_TEST_PLUGINS, ", ", GANTRY_BUILD_DIR,
              "/plugins]}\nchains: {public: [request_id], health: [request_id]}\n"
              "plugins:\n  health: {}\n  throwing: ",
              section, "\n");
}

TEST(Start, EndsWithCode1AndAllReasonsWhenPluginsCannotStart) {
  const TemporaryDirectory data;
  data.write("plugins", "a file where the libraries would be staged");
  const auto [code, output] = Server::run({"serve", "--config", default_config(), "--data-dir",
                                           data.path(), "--set", "http.listen=127.0.0.1:0"});
  EXPECT_EQ(code, 1);
  EXPECT_THAT(output, HasSubstr("plugins.events: events cannot create"));
  EXPECT_THAT(output, HasSubstr("plugins.payments: payments cannot create"));
  EXPECT_THAT(output, Not(HasSubstr("host.ready")));
}

TEST(Start, GoesOnWithoutAPluginThatIsNotRequiredAndSaysDegraded) {
  Server server({.config = with_throwing("{in: constructor, required: false}")});
  ASSERT_TRUE(server.start()) << server.output();
  HttpClient client = server.client();
  EXPECT_TRUE(soon([&] { return client.get("/ready").status == 200; }))
      << client.get("/ready").body;
  EXPECT_TRUE(soon([&] {
    return client.get("/health").body.find("failed: throwing") != std::string::npos;
  })) << client.get("/health").body;
  EXPECT_THAT(client.get("/health").body, HasSubstr("\"status\":\"degraded\""));
}

TEST(Start, SaysWhoseRoutesAreClosedBecauseAServiceIsMissing) {
  Server server({.arguments = {"--set", "plugins.payments_simulator.enabled=false"}});
  ASSERT_TRUE(server.start()) << server.output();
  HttpClient client = server.client();
  EXPECT_TRUE(soon([&] {
    return client.get("/health").body.find("closed: payments") != std::string::npos;
  })) << client.get("/health").body;
  EXPECT_THAT(server.output(), HasSubstr("7 routes of payments answer 503: nobody provides"));
}

TEST(Start, IsAskedThroughTheControlSocketHoweverLongThePathOfItsDataDirectory) {
  Server server({.data_dir = std::string(120, 'x')});
  ASSERT_TRUE(server.start()) << server.output();
  const auto [code, output] = Server::run(
      {"plugin", "list", "--data-dir", server.data_dir() + "/" + std::string(120, 'x')});
  EXPECT_EQ(code, 0) << output;
  EXPECT_THAT(output, HasSubstr("payments"));
}

TEST(Start, KeepsAnotherServerOffItsDatabasesWhateverItsDataDirectory) {
  const TemporaryDirectory shared;
  const std::string events = "storage.events=sqlite:" + shared.path() + "/events.db";
  Server server({.arguments = {"--set", events}});
  ASSERT_TRUE(server.start()) << server.output();
  const TemporaryDirectory other;
  const auto [code, output] =
      Server::run({"serve", "--config", default_config(), "--data-dir", other.path(), "--set",
                   "http.listen=127.0.0.1:0", "--set", events});
  EXPECT_EQ(code, 1);
  EXPECT_THAT(output, HasSubstr("/events.db is in use by another server (process "));
}

TEST(Start, MakesDatabasesThatOnlyItsUserCanRead) {
  Server server;
  fs::create_directory(server.data_dir() + "/var");
  fs::permissions(server.data_dir() + "/var", fs::perms(0755));
  ASSERT_TRUE(server.start()) << server.output();
  for (const char* name : {"events.db", "events.db-wal", "read.db", "auth.db"}) {
    struct stat status {};
    ASSERT_EQ(::stat((server.data_dir() + "/var/" + name).c_str(), &status), 0) << name;
    EXPECT_EQ(status.st_mode & 0777u, 0600u) << name;
  }
}

TEST(Start, NamesTheDamagedDatabaseAndWhatToDoAboutReadModels) {
  const TemporaryDirectory data;
  data.write("read.db", std::string(8192, 'x'));
  const auto [code, output] = Server::run({"serve", "--config", default_config(), "--data-dir",
                                           data.path(), "--set", "http.listen=127.0.0.1:0"});
  EXPECT_EQ(code, 1);
  EXPECT_THAT(output, HasSubstr("storage.projections: "));
  EXPECT_THAT(output, HasSubstr("/read.db is damaged"));
  EXPECT_THAT(output, HasSubstr("delete that file"));
}

TEST(Signals, OtherThanThoseToEndDoNotEndTheServer) {
  Server server;
  ASSERT_TRUE(server.start()) << server.output();
  for (const int number : {SIGHUP, SIGUSR1, SIGUSR2, SIGPIPE, SIGALRM, SIGXFSZ})
    server.signal(number);
  EXPECT_TRUE(soon([&] {
    return server.output().find("configuration is not reloaded in this version") !=
           std::string::npos;
  })) << server.output();
  EXPECT_EQ(server.client().get("/health/live").status, 200);
  server.signal(SIGHUP);
  EXPECT_EQ(server.stop(), 0);
}

TEST(Logging, HasNoErrorsThatClientsBringAboutAtWill) {
  Server server;
  ASSERT_TRUE(server.start()) << server.output();
  for (const char* request :
       {"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.7\r\nHost: a\r\n\r\n",
        "GET /nothing HTTP/1.1\r\n\r\n"}) {
    const RawSocket socket(server.port());
    ASSERT_TRUE(socket.send(request));
    EXPECT_THAT(socket.read_all(2000), HasSubstr("HTTP/1.1 ")) << request;
  }
  EXPECT_EQ(server.stop(), 0);
  EXPECT_THAT(server.output(), Not(HasSubstr("\"level\":\"error\"")));
}

}  // namespace
}  // namespace gantry::tests
