// A plugin that throws from every entry point costs one 500 each, and the host lives on.
#include <gtest/gtest.h>

#include "gantry/text.hpp"
#include "tests/support/server.hpp"

namespace gantry::tests {
namespace {

std::string configuration(const std::string& where) {
  return join(R"(
logging: {level: info}
loader: {directories: [)",
              GANTRY_TEST_PLUGINS, R"(]}
chains:
  public: [request_id]
  throwing_plain: [request_id]
  throwing_before: [request_id, throws_before]
  throwing_after: [request_id, throws_after]
plugins:
  throwing: {in: )",
              where, "}\n");
}

class ThrowingPlugin : public testing::Test {
 protected:
  bool start(const std::string& where) {
    server_ = std::make_unique<Server>(ServerOptions{.config = configuration(where)});
    return server_->start();
  }
  std::unique_ptr<Server> server_;
};

TEST_F(ThrowingPlugin, CostsOne500ForEachRequestThatThrows) {
  ASSERT_TRUE(start("requests")) << server_->output();
  HttpClient client = server_->client();
  for (const char* path : {"/throwing/loop", "/throwing/worker", "/throwing/dropped",
                           "/throwing/before", "/throwing/after"}) {
    const Answer answer = client.get(path);
    EXPECT_EQ(answer.status, 500) << path << answer.body;
    EXPECT_NE(answer.body.find("\"code\":\"INTERNAL\""), std::string::npos) << path << answer.body;
    EXPECT_EQ(answer.header("content-type"), "application/problem+json") << path;
    EXPECT_EQ(answer.body.find("secret detail"), std::string::npos)
        << "what() must not reach the client";
    EXPECT_EQ(client.get("/throwing/fine").status, 200) << "after " << path;
  }
  EXPECT_EQ(client.get("/throwing/error").status, 503);
}

TEST_F(ThrowingPlugin, HoldsUpOnlyItsOwnConsumers) {
  ASSERT_TRUE(start("requests")) << server_->output();
  HttpClient client = server_->client();
  ASSERT_EQ(client.post("/throwing/event").status, 200);
  ASSERT_EQ(client.post("/throwing/event").status, 200);
  EXPECT_EQ(client.get("/throwing/fine").status, 200);
  EXPECT_EQ(server_->stop(), 0) << server_->output();
  EXPECT_NE(server_->output().find("throwing.process"), std::string::npos)
      << "the failing consumer is named in the log";
  EXPECT_NE(server_->output().find("throwing.view"), std::string::npos);
}

TEST_F(ThrowingPlugin, ThatCannotStartAndIsNotRequiredIsLeftOutWithTheReason) {
  for (const char* where : {"constructor", "prepare", "start"}) {
    ASSERT_TRUE(start(join(where, ", required: false"))) << where << server_->output();
    EXPECT_EQ(server_->client().get("/throwing/fine").status, 404) << where;
    EXPECT_NE(server_->output().find(join("thrown in ", where)), std::string::npos)
        << server_->output();
  }
}

// A destructor that throws ends the process by the rules of the language, so there is no such case.
TEST_F(ThrowingPlugin, ThatThrowsOnTheWayOutDoesNotHinderTheStop) {
  ASSERT_TRUE(start("stop")) << server_->output();
  EXPECT_EQ(server_->client().get("/throwing/fine").status, 200);
  EXPECT_EQ(server_->stop(), 0) << server_->output();
}

}  // namespace
}  // namespace gantry::tests
