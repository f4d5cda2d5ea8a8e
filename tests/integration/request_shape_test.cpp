// Requests that contradict themselves, and how the answer names what is wrong with them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gantry/text.hpp"
#include "tests/support/server.hpp"
#include "tests/support/shop.hpp"

namespace gantry::tests {
namespace {
using testing::HasSubstr;
using testing::Not;

class RequestShape : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(server_.start()) << server_.output(); }
  Server server_;
};

TEST_F(RequestShape, FaultsOfTheQueryNameTheParameter) {
  HttpClient client = server_.client();
  for (const char* query : {"owner_id=x", "state=x", "from=x", "page_size=0"}) {
    const Answer answer = client.get(join("/api/events?", query));
    const std::string name = std::string(query).substr(0, std::string(query).find('='));
    EXPECT_EQ(answer.status, 422) << query << answer.body;
    EXPECT_THAT(answer.body, HasSubstr(join("\"parameter\":\"", name, "\""))) << query;
    EXPECT_THAT(answer.body, HasSubstr("query")) << query;
    EXPECT_THAT(answer.body, Not(HasSubstr("body"))) << query;
  }
}

TEST_F(RequestShape, AParameterThatStandsThereTwiceIs400) {
  const Answer answer = server_.client().get("/api/events?page_size=5&page_size=6");
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("page_size stands there twice"));
}

TEST_F(RequestShape, TwoContentTypesAre400) {
  const Answer answer = server_.client().request(
      "POST", "/auth/magic-link/request", R"({"email":"a@example.com"})",
      {{"Content-Type", "application/json"}, {"Content-Type", "text/plain"}});
  EXPECT_EQ(answer.status, 400) << answer.body;
}

TEST_F(RequestShape, OneSeatInTwoLinesIs422) {
  Shop shop(server_.port());
  const std::string admin = shop.log_in("admin@example.com");
  const std::string event = shop.open_event(admin, {{"Stalls", 1, 10, 1000}});
  const std::string line = Shop::seat_line("Stalls", "A-1");
  const Answer answer = shop.hold(admin, "hold-twice-aaaaaaaaaaaa", event, join(line, ",", line));
  EXPECT_EQ(answer.status, 422) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr("\"pointer\":\"/lines/1/seats/0\""));
}

}  // namespace
}  // namespace gantry::tests
