// Switching plugins: what it would change, what it has changed, and what nothing can switch off.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/server.hpp"
#include "tests/support/shop.hpp"

namespace gantry::tests {
namespace {
using testing::HasSubstr;

class Switching : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(server_.start()) << server_.output();
    admin_ = {{"Authorization", "Bearer " + Shop(server_.port()).log_in("admin@example.com")}};
  }
  Answer post(const std::string& target) {
    return server_.client().request("POST", "/admin/plugins/" + target, {}, admin_);
  }
  int status(const std::string& path) { return server_.client().get(path).status; }
  std::pair<int, std::string> command(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "plugin");
    arguments.insert(arguments.end(), {"--data-dir", server_.data_dir() + "/var"});
    return Server::run(arguments);
  }
  Server server_;
  Headers admin_;
};

TEST_F(Switching, OffAsADryRunTellsThePlanAndDoesNothing) {
  const Answer answer = post("events/disable?dry_run=true");
  EXPECT_EQ(answer.status, 200) << answer.body;
  for (const char* part :
       {"\"dry_run\":true,\"changed\":false", "\"GET /api/events\"", "\"events.availability\"",
        "\"needed_by\":\"reservations\"", "\"route\":\"POST /api/reservations\""}) {
    EXPECT_THAT(answer.body, HasSubstr(part));
  }
  EXPECT_EQ(status("/api/events"), 200);
}

TEST_F(Switching, OnAsADryRunTellsThePlanAndDoesNothing) {
  ASSERT_EQ(post("events/disable").status, 200);
  const Answer answer = post("events/enable?dry_run=true");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr("\"state\":\"disabled\""));
  EXPECT_THAT(answer.body, HasSubstr("\"available\":[\""));
  EXPECT_EQ(status("/api/events"), 404);
  EXPECT_EQ(post("events/enable").status, 200);
  EXPECT_EQ(status("/api/events"), 200);
}

TEST_F(Switching, TakesNoOtherQuery) {
  EXPECT_EQ(post("events/disable?dryrun=true").status, 422);
  EXPECT_THAT(post("events/disable?dryrun=true").body, HasSubstr("did you mean \\\"dry_run\\\"?"));
  EXPECT_EQ(post("events/disable?dry_run=yes").status, 422);
  EXPECT_EQ(post("events/disable?dry_run=true&dry_run=false").status, 400);
  EXPECT_EQ(status("/api/events"), 200);
}

TEST_F(Switching, OffAMiddlewareTellsWhichRoutesAnswer503) {
  const Answer answer = post("security_headers/disable");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr("\"route\":\"GET /api/events\""));
  EXPECT_EQ(status("/api/events"), 503);
}

TEST_F(Switching, NeverReachesLiveness) {
  EXPECT_EQ(command({"disable", "security_headers"}).first, 0);
  EXPECT_EQ(status("/health/live"), 200);
  EXPECT_EQ(command({"disable", "health"}).first, 0);
  EXPECT_EQ(status("/health"), 404);
  EXPECT_EQ(status("/health/live"), 200);
}

TEST_F(Switching, WhatIsSoAlreadyIsDone) {
  EXPECT_THAT(command({"enable", "health"}).second, HasSubstr("health is active already"));
  EXPECT_EQ(command({"enable", "health"}).first, 0);
  EXPECT_EQ(command({"disable", "health"}).first, 0);
  EXPECT_THAT(command({"disable", "health"}).second, HasSubstr("health is disabled already"));
}

TEST_F(Switching, OnTheCommandLineAsADryRun) {
  const auto [code, output] = command({"disable", "events", "--dry-run"});
  EXPECT_EQ(code, 0);
  EXPECT_THAT(output, HasSubstr("would switch off events"));
  EXPECT_THAT(output, HasSubstr("goes: GET /api/events"));
  EXPECT_THAT(output, HasSubstr("answers 503: POST /api/reservations"));
  EXPECT_EQ(status("/api/events"), 200);
}

TEST_F(Switching, TakesOnlyWhatCanBeAnId) {
  const auto [code, output] = command({"enable", "../x"});
  EXPECT_EQ(code, 1);
  EXPECT_THAT(output, HasSubstr("\"../x\" is no id of a plugin"));
}

}  // namespace
}  // namespace gantry::tests
