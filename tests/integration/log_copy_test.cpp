// gantry log copy as a deployer meets it: what it refuses, what it says, what it leaves behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "gantry/text.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/server.hpp"
#include "tests/support/shop.hpp"
#include "tests/support/storage.hpp"

namespace gantry::tests {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class LogCopy : public testing::TestWithParam<Engine> {
 protected:
  // The URL of the server's log, however the command's --data-dir lies.
  std::string log() const {
    return GetParam() == Engine::postgresql ? storage_.url() : "sqlite:" + file();
  }
  std::string file() const { return server_.data_dir() + "/var/events.db"; }
  std::string elsewhere(const std::string& name) const {
    return "sqlite:" + folder_.path() + "/" + name;
  }
  std::pair<int, std::string> copy(const std::string& from, const std::string& to) const {
    return Server::run({"log", "copy", "--data-dir", folder_.path(), "--from", from, "--to", to});
  }
  // A log with some events, served or not.
  void fill(bool goes_on) {
    ASSERT_TRUE(server_.start()) << server_.output();
    Shop shop(server_.port());
    ASSERT_NE(shop.open_event(shop.log_in("admin@example.com"), {{"Floor", 0, 10, 1000}}), "");
    if (goes_on) return;
    ASSERT_EQ(server_.stop(), 0);
  }
  // Who holds the log, as the refusal names them.
  std::string holder() const {
    return GetParam() == Engine::postgresql
               ? "in use by gantry (PostgreSQL process "
               : join("in use by another server (process ", server_.pid());
  }

  const Storage storage_{GetParam()};
  Server server_{storage_.options()};
  const TemporaryDirectory folder_;
};
INSTANTIATE_TEST_SUITE_P(Of, LogCopy, testing::Values(Engine::sqlite, Engine::postgresql),
                         [](const auto& one) { return name_of(one.param); });

TEST_P(LogCopy, RefusesALogThatIsServed) {
  fill(true);
  const auto [code, output] = copy(log(), elsewhere("new.db"));
  EXPECT_EQ(code, 1) << output;
  EXPECT_THAT(output, AllOf(HasSubstr(holder()),
                            HasSubstr(GetParam() == Engine::sqlite ? "--from " + file()
                                                                   : "the old log: ")));
}

TEST_P(LogCopy, RefusesToWriteIntoALogThatIsServed) {
  fill(true);
  Server other;
  ASSERT_TRUE(other.start()) << other.output();
  ASSERT_EQ(other.stop(), 0);
  const auto [code, output] = copy("sqlite:" + other.data_dir() + "/var/events.db", log());
  EXPECT_EQ(code, 1) << output;
  EXPECT_THAT(output,
              AllOf(HasSubstr(holder()),
                    HasSubstr(GetParam() == Engine::sqlite ? "--to " + file() : "the new log: ")));
}

TEST_P(LogCopy, LeavesAServerThatRunsAlone) {
  fill(true);
  copy(log(), elsewhere("new.db"));
  Shop shop(server_.port());
  EXPECT_NE(shop.open_event(shop.log_in("admin@example.com"), {{"Floor", 0, 10, 1000}}), "");
  EXPECT_EQ(storage_.verify(server_).first, 0);
}

TEST_P(LogCopy, SaysHowMuchItCopiedAndWhatToDoNext) {
  fill(false);
  const auto [code, output] = copy(log(), elsewhere("new.db"));
  EXPECT_EQ(code, 0) << output;
  EXPECT_THAT(output, AllOf(HasSubstr(" events and "),
                            HasSubstr(" other rows (timers, answers, snapshots, event types, "
                                      "checkpoints of processes)"),
                            HasSubstr("verify the new log")));
}

TEST_P(LogCopy, MakesAFileThatOnlyItsUserCanRead) {
  fill(false);
  const auto [code, output] = copy(log(), elsewhere("below/new.db"));
  EXPECT_EQ(code, 0) << output;
  EXPECT_EQ(fs::status(folder_.path() + "/below/new.db").permissions(), fs::perms(0600));
}

TEST_P(LogCopy, RefusesOneLogAsBoth) {
  fill(false);
  const std::string link = folder_.path() + "/link.db";
  if (GetParam() == Engine::sqlite) fs::create_hard_link(file(), link);
  const auto [code, output] = copy(log(), GetParam() == Engine::sqlite ? "sqlite:" + link : log());
  EXPECT_EQ(code, 2) << output;
  EXPECT_THAT(output, HasSubstr("are the same "));
}

TEST_P(LogCopy, TakesUrlsAsTheConfigurationDoes) {
  fill(false);
  const std::string secret = folder_.write("secret", log() + "\n");
  const auto [code, output] = copy("${file:" + secret + "}", elsewhere("new.db"));
  EXPECT_EQ(code, 0) << output;
  const auto [wrong, why] = copy("${file:/none}", elsewhere("new.db"));
  EXPECT_EQ(wrong, 2);
  EXPECT_THAT(why, HasSubstr("--from: the file \"/none\" cannot be read"));
}

TEST_P(LogCopy, IsNotServedWhileItIsHalfDone) {
  fill(false);
  storage_.ask_events(server_, "UPDATE es_log SET name = 'copying' WHERE log_id = 0");
  EXPECT_FALSE(server_.start());
  EXPECT_THAT(server_.output(),
              HasSubstr("storage.events: a copy into this event log was not finished"));
  const auto [code, words] = storage_.verify(server_);
  EXPECT_EQ(code, 1) << words;
  EXPECT_THAT(words, HasSubstr("a copy into this log was not finished"));
}

TEST(LogCopyOfNothing, SaysWhereItLookedAndMakesNothing) {
  const TemporaryDirectory folder;
  const std::string data = folder.path() + "/vra";
  const auto [code, output] = Server::run(
      {"log", "copy", "--data-dir", data, "--from", "sqlite:events.db", "--to", "sqlite:new.db"});
  EXPECT_EQ(code, 2) << output;
  EXPECT_THAT(output, AllOf(HasSubstr("there is no file " + data + "/events.db"),
                            Not(HasSubstr("copied:"))));
  EXPECT_FALSE(fs::exists(data));
}

TEST(LogCopyOfNothing, SaysThatTheDatabaseHasNoLogWithoutThePassword) {
  const TemporaryDirectory folder;
  std::string url = postgres().fresh_database();
  url += (url.find('?') == url.npos ? "?" : "&") + std::string("password=geheim");
  const auto [code, output] =
      Server::run({"log", "copy", "--from", url, "--to", "sqlite:" + folder.path() + "/new.db"});
  EXPECT_EQ(code, 2) << output;
  EXPECT_THAT(output, AllOf(HasSubstr("the old log: there is no event log in postgresql://"),
                            HasSubstr("password=***"), Not(HasSubstr("geheim"))));
  EXPECT_FALSE(fs::exists(folder.path() + "/new.db"));
}

TEST(LogCopyTransport, NamesItsOwnSwitch) {
  const auto [code, output] =
      Server::run({"log", "copy", "--from", "postgresql://u:geheim@db/x?sslmode=require", "--to",
                   "sqlite:/nowhere/new.db"});
  EXPECT_EQ(code, 2) << output;
  EXPECT_THAT(output, AllOf(HasSubstr("--from postgresql://u:***@db/x?sslmode=require: "),
                            HasSubstr("allow it with --insecure-transport")));
}

}  // namespace
}  // namespace gantry::tests
