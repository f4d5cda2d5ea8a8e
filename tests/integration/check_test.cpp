// gantry check: what it finds, with its place, and that it leaves nothing behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "gantry/text.hpp"
#include "tests/support/server.hpp"

namespace gantry::tests {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class CheckCommand : public testing::Test {
 protected:
  // With a temporary directory of its own, so that leftovers show.
  std::pair<int, std::string> check(std::vector<std::string> arguments, std::string config = {}) {
    if (config.empty()) config = Server::source_dir() + "/config/gantry.yaml";
    arguments.insert(arguments.begin(), {"check", "--config", config});
    return Server::run(arguments, {"TMPDIR=" + temporary_.path()});
  }
  bool left_nothing() const { return fs::is_empty(temporary_.path()); }
  TemporaryDirectory temporary_, folder_;
};

TEST_F(CheckCommand, TouchesNoConfiguredDatabase) {
  const std::string file = folder_.path() + "/real/events.db";
  const auto [code, output] =
      check({"--set", "storage.events=sqlite:" + file, "--data-dir", folder_.path() + "/var"});
  EXPECT_EQ(code, 0) << output;
  EXPECT_TRUE(fs::is_empty(folder_.path()));
  EXPECT_TRUE(left_nothing());
}

TEST_F(CheckCommand, TakesTwoDatabasesInOneFile) {
  const auto [code, output] = check(
      {"--set", "storage.events=sqlite:all.db", "--set", "storage.projections=sqlite:all.db"});
  EXPECT_EQ(code, 0) << output;
}

TEST_F(CheckCommand, FindsStorageUrlsThatCannotBeUsed) {
  fs::create_directory(folder_.path() + "/a_folder");
  folder_.write("a_file", "");
  const std::pair<std::string, std::string> wrong[] = {
      {"sqlite:", "storage.auth"},
      {"sqlite:../auth.db", "leaves the data directory"},
      {"sqlite:control.sock", "the server's own"},
      {"sqlite:plugins/x.db", "the server's own"},
      {"sqlite:other.db-wal", "belongs to another database"},
      {"sqlite:" + folder_.path() + "/a_folder", "is a directory"},
      {"sqlite:" + folder_.path() + "/a_file/auth.db", "is not a directory"},
      {"sqlite:/dev/null", "is not a regular file"},
      {"mysql:auth", "storage.auth"},
  };
  for (const auto& [url, why] : wrong) {
    const auto [code, output] = check({"--set", "storage.auth=" + url});
    EXPECT_EQ(code, 2) << url << output;
    EXPECT_THAT(output, HasSubstr("--set:1:14: storage.auth: ")) << url;
    EXPECT_THAT(output, HasSubstr(why)) << url;
    EXPECT_THAT(output, HasSubstr("1 fault in the configuration")) << url;
    EXPECT_TRUE(left_nothing()) << url;
  }
}

TEST_F(CheckCommand, TellsWhatNeedsNoConnectionTogetherWithTheOtherFaults) {
  const auto [code, output] =
      check({"--set", "http.lisen=1", "--set", "storage.events=postgresql://u@db/x?sslmode=disable",
             "--set", "storage.projections=postgresql://u@db:x/y", "--set",
             "storage.auth=postgresql://u@db/x?sslrootcert=/nope/ca.pem"});
  EXPECT_EQ(code, 2);
  EXPECT_THAT(output, HasSubstr("unknown key \"lisen\""));
  EXPECT_THAT(output, HasSubstr("--set:2:16: storage.events: sslmode=disable does not prove"));
  EXPECT_THAT(output, HasSubstr("--set:3:21: storage.projections: the port is no number"));
  EXPECT_THAT(output, HasSubstr("--set:4:14: storage.auth: sslrootcert names /nope/ca.pem: No "));
  EXPECT_THAT(output, HasSubstr("4 faults in the configuration"));
}

TEST_F(CheckCommand, WarnsOfTransactionsThatMayOutliveALease) {
  const std::string url = "storage.projections=postgresql:///read";
  const std::string wait = "storage.postgresql.idle_in_transaction_timeout_ms";
  const std::string warning =
      "not less than consume.lease_ms (10000): a consumer that stands still within a transaction "
      "keeps the instance that takes over waiting (warning)";
  const auto [code, output] = check({"--set", url, "--set", wait + "=20000"});
  EXPECT_EQ(code, 0) << output;
  EXPECT_THAT(output, HasSubstr("--set:2:51: " + wait + ": 20000 is " + warning));
  EXPECT_THAT(check({"--set", url, "--set", wait + "=9999"}).second, Not(HasSubstr("(warning)")));
  EXPECT_THAT(check({"--set", wait + "=20000"}).second, Not(HasSubstr("(warning)")));
}

TEST_F(CheckCommand, NamesAMisspeltMiddlewareAndNothingThatFollowsFromIt) {
  const auto [code, output] =
      check({"--set", "chains.private=[request_id, authenticate, autorize, idempotency]"});
  EXPECT_EQ(code, 2);
  EXPECT_THAT(output, HasSubstr("--set:1:43: chains.private[2]: no plugin declares a middleware "
                                "\"autorize\"; did you mean \"authorize\"?"));
  EXPECT_THAT(output, Not(HasSubstr("needs a role")));
  EXPECT_THAT(output, Not(HasSubstr("{\""))) << "no log lines among the faults";
}

TEST_F(CheckCommand, TellsWhereAChainGoesBackInPhase) {
  const auto [code, output] =
      check({"--set", "chains.public=[access_log, request_id, security_headers]"});
  EXPECT_EQ(code, 2);
  EXPECT_THAT(output, HasSubstr("--set:1:28: chains.public[1]: "));
}

TEST_F(CheckCommand, NamesADirectoryThatIsNotThereInsteadOfThePluginsInIt) {
  const auto [code, output] = check({"--set", "loader.directories=[/nope]"});
  EXPECT_EQ(code, 2);
  EXPECT_THAT(output,
              HasSubstr("--set:1:21: loader.directories[0]: the directory /nope does not exist"));
  EXPECT_THAT(output, Not(HasSubstr("unknown plugin")));
}

TEST_F(CheckCommand, NamesTheUsualDirectoryWhenThatIsNotThere) {
  fs::create_directories(folder_.path() + "/bin");
  fs::copy_file(Server::binary(), folder_.path() + "/bin/gantry");
  const std::string file =
      folder_.write("gantry.yaml",
                    "chains: {health: [request_id, access_log, security_headers]}\n"
                    "plugins: {security_headers: {}, health: {}}\n");
  const auto [code, output] =
      Process::run({folder_.path() + "/bin/gantry", "check", "--config", file}, {});
  EXPECT_EQ(code, 2);
  EXPECT_EQ(output, "loader.directories[0]: the directory " + folder_.path() +
                        "/plugins does not exist\n1 fault in the configuration\n");
}

TEST_F(CheckCommand, SaysWhereItHasLookedForAPlugin) {
  const auto [code, output] = check({"--set", "loader.directories=[" + folder_.path() + "]"});
  EXPECT_EQ(code, 2);
  EXPECT_THAT(output, HasSubstr("plugins.health: unknown plugin \"health\"; loader.directories: " +
                                folder_.path() + "\n"));
}

class TwinPlugins : public CheckCommand {
 protected:
  TwinPlugins() {
    for (const char* name : {"/health.so", "/health-old.so"})
      fs::copy_file(GANTRY_BUILD_DIR "/plugins/health.so", folder_.path() + name);
  }
  std::string config(const std::string& plugins) {
    return folder_.write("gantry.yaml",
                         join("loader: {directories: [", folder_.path(),
                              "]}\nchains: {health: [request_id]}\nplugins: ", plugins, "\n"));
  }
};

TEST_F(TwinPlugins, AreAFaultThatNamesBothWhenEnabled) {
  const std::string file = config("{health: {}}");
  const auto [code, output] = check({}, file);
  EXPECT_EQ(code, 2) << output;
  EXPECT_THAT(output, HasSubstr(":3:11: plugins.health: "));
  EXPECT_THAT(output, HasSubstr("/health-old.so has the id of "));
  EXPECT_THAT(output, HasSubstr("/health.so; remove one of the two"));
  EXPECT_EQ(Server::run({"serve", "--config", file, "--data-dir", folder_.path() + "/var"}).first,
            2);
}

TEST_F(TwinPlugins, AreOnlyListedAsRefusedWhenNotEnabled) {
  const std::string file = config("{}");
  const auto [code, output] = check({}, file);
  EXPECT_EQ(code, 0) << output;
  EXPECT_THAT(output, HasSubstr("no plugin is enabled"));
  const std::string listed = Server::run({"plugins", "--config", file}).second;
  EXPECT_THAT(listed, HasSubstr("refused"));
  EXPECT_THAT(listed, HasSubstr("/health-old.so\n    has the id of "));
}

TEST_F(CheckCommand, CountsThePluginsThatAreEnabled) {
  EXPECT_THAT(check({}).second, HasSubstr("7 plugins enabled"));
  EXPECT_THAT(check({"--set", "plugins.payments_simulator.enabled=false"}).second,
              HasSubstr("6 plugins enabled"));
}

TEST_F(CheckCommand, WarnsOfRoutesThatLackAServiceAndTakesThemAllTheSame) {
  const auto [code, output] = check({"--set", "plugins.payments_simulator.enabled=false"});
  EXPECT_EQ(code, 0);
  EXPECT_THAT(output, HasSubstr("plugins.payments: 7 routes of payments answer 503: nobody "
                                "provides the service gantry.payment_provider/1 (warning)"));
}

TEST_F(CheckCommand, DemandsAnAddressThatCanBeListenedOn) {
  const auto [code, output] = check({"--set", "http.listen=nope.invalid:80"});
  EXPECT_EQ(code, 2);
  EXPECT_THAT(output, HasSubstr("http.listen: the host \"nope.invalid\" has no address"));
  EXPECT_THAT(check({"--set", "http.listen='*:80'"}).second, HasSubstr("0.0.0.0:8080 for every"));
  EXPECT_EQ(check({"--set", "http.listen='[::1]:80'"}).first, 0);
}

TEST_F(CheckCommand, DemandsAddressesOfAdmins) {
  const auto [code, output] = check({"--set", "plugins.auth.admins=[nobody]"});
  EXPECT_EQ(code, 2);
  EXPECT_THAT(output, HasSubstr("plugins.auth.admins[0]: expected an e-mail address"));
}

TEST_F(CheckCommand, NamesTheTabThatIndents) {
  const std::string file = folder_.write("gantry.yaml", "http:\n\tlisten: 127.0.0.1:0\n");
  EXPECT_THAT(check({}, file).second, HasSubstr(":2:1: indented with a tab"));
}

TEST_F(CheckCommand, EndsWithASentenceWhenThereIsNoTemporaryDirectory) {
  const auto [code, output] =
      Server::run({"check", "--config", Server::source_dir() + "/config/gantry.yaml"},
                  {"TMPDIR=" + folder_.path() + "/absent"});
  EXPECT_EQ(code, 1) << output;
  EXPECT_THAT(output, HasSubstr("set TMPDIR"));
}

}  // namespace
}  // namespace gantry::tests
