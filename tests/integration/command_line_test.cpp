// The gantry program as its users call it.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "gantry/text.hpp"
#include "tests/support/server.hpp"

namespace gantry::tests {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string default_config() { return Server::source_dir() + "/config/gantry.yaml"; }

TEST(CommandLine, TellsVersionAndHelp) {
  const auto [version_code, version] = Server::run({"--version"});
  EXPECT_EQ(version_code, 0);
  EXPECT_EQ(version.rfind("gantry 0.", 0), 0u) << version;
  const auto [help_code, help] = Server::run({"--help"});
  EXPECT_EQ(help_code, 0);
  for (const char* command : {"serve", "check", "plugins", "plugin", "reference"}) {
    EXPECT_NE(help.find(command), std::string::npos) << command;
  }
}

TEST(CommandLine, RefusesWhatItDoesNotKnowWithCode2) {
  const auto [code, output] = Server::run({"serv"});
  EXPECT_EQ(code, 2);
  EXPECT_NE(output.find("no command \"serv\"; did you mean \"serve\"?"), std::string::npos)
      << output;
  EXPECT_EQ(Server::run({"serve", "--prot", "1"}).first, 2);
}

TEST(Check, FindsNoFaultInTheDefaultConfiguration) {
  const auto [code, output] = Server::run({"check", "--config", default_config()});
  EXPECT_EQ(code, 0) << output;
}

TEST(Check, ReportsFaultsOfAllKindsWithCode2) {
  const TemporaryDirectory directory;
  const std::string file = directory.write("gantry.yaml", R"(http:
  lissten: 127.0.0.1:0
workers:
  threads: many
plugins:
  paymets: {}
)");
  const auto [code, output] = Server::run({"check", "--config", file});
  EXPECT_EQ(code, 2);
  EXPECT_NE(output.find(join(file, ":2:3: http.lissten")), std::string::npos) << output;
  EXPECT_NE(output.find("did you mean \"listen\"?"), std::string::npos) << output;
  EXPECT_NE(output.find(join(file, ":4:12: workers.threads")), std::string::npos) << output;
  EXPECT_NE(output.find("did you mean \"payments\"?"), std::string::npos) << output;
}

TEST(Check, FindsChainsThatNameNothing) {
  const auto [code, output] = Server::run({"check", "--config", default_config(), "--set",
                                           "chains.public=[request_id, security_heders]"});
  EXPECT_EQ(code, 2) << output;
  EXPECT_NE(output.find("security_heders"), std::string::npos) << output;
}

TEST(Serve, EndsWithTheReasonWhenTheDataDirectoryIsInUse) {
  Server server;
  ASSERT_TRUE(server.start()) << server.output();
  const auto [code, output] =
      Server::run({"serve", "--config", default_config(), "--data-dir", server.data_dir() + "/var",
                   "--set", "http.listen=127.0.0.1:0"});
  EXPECT_EQ(code, 1);
  EXPECT_NE(output.find("is in use by another server"), std::string::npos) << output;
  EXPECT_EQ(server.client().get("/health/live").status, 200) << "the first one goes on";
}

TEST(Serve, EndsWithTheReasonWhenTheAddressIsInUse) {
  Server server;
  ASSERT_TRUE(server.start()) << server.output();
  const TemporaryDirectory other;
  const auto [code, output] =
      Server::run({"serve", "--config", default_config(), "--data-dir", other.path(), "--set",
                   join("http.listen=127.0.0.1:", server.port())});
  EXPECT_EQ(code, 1);
  EXPECT_NE(output.find(to_text(server.port())), std::string::npos) << output;
}

TEST(PluginCommand, SwitchesAPluginOfTheRunningServer) {
  Server server;
  ASSERT_TRUE(server.start()) << server.output();
  const std::string data = server.data_dir() + "/var";
  EXPECT_EQ(Server::run({"plugin", "disable", "health", "--data-dir", data}).first, 0);
  EXPECT_EQ(server.client().get("/health").status, 404);
  EXPECT_EQ(Server::run({"plugin", "enable", "health", "--data-dir", data}).first, 0);
  EXPECT_EQ(server.client().get("/health").status, 200);
  const auto [code, output] = Server::run({"plugin", "disable", "helth", "--data-dir", data});
  EXPECT_EQ(code, 1);
  EXPECT_NE(output.find("helth"), std::string::npos) << output;
}

TEST(PluginCommand, SaysWhenThereIsNoServer) {
  const TemporaryDirectory nobody;
  const auto [code, output] = Server::run({"plugin", "list", "--data-dir", nobody.path()});
  EXPECT_EQ(code, 1);
  EXPECT_NE(output.find("no server is running"), std::string::npos) << output;
}

TEST(Reference, IsThePageInTheDocs) {
  const auto [code, output] = Server::run({"reference", "--config", default_config()});
  EXPECT_EQ(code, 0);
  EXPECT_EQ(output, read_file(Server::source_dir() + "/docs/reference/configuration.md"))
      << "write it anew: build/release/bin/gantry reference > docs/reference/configuration.md";
}

}  // namespace
}  // namespace gantry::tests
