// An Idempotency-Key that comes again when its answer is not kept any more.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/support/server.hpp"
#include "tests/support/shop.hpp"

namespace gantry::tests {
namespace {
using testing::HasSubstr;

TEST(ExpiredKey, PaysForNoOtherReservationThanItOnceDid) {
  Server server;
  ASSERT_TRUE(server.start()) << server.output();
  Shop shop(server.port());
  const std::string event =
      shop.open_event(shop.log_in("admin@example.com"), {{"Floor", 0, 10, 1000}});
  const std::string ann = shop.log_in("ann@example.com");
  const auto held = [&](const std::string& key) {
    const Answer answer = shop.hold(ann, key, event, Shop::quantity_line("Floor", 1));
    return JsonBody(answer.body).text("id");
  };
  const std::string first = held("hold-first-aaaaaaaa"), second = held("hold-second-aaaaaaa");
  const Answer paid = shop.pay(ann, "pay-aaaaaaaaaaaaaaaa", first);
  ASSERT_EQ(paid.status, 201) << paid.body;

  // As the sweep does after idempotency.keep_hours.
  const std::string sweep = "sqlite3 -cmd '.timeout 5000' " + server.data_dir() +
                            "/var/events.db 'DELETE FROM es_answer'";
  ASSERT_EQ(std::system(sweep.c_str()), 0);
  const Answer other = shop.pay(ann, "pay-aaaaaaaaaaaaaaaa", second);
  EXPECT_EQ(other.status, 409) << other.body;
  EXPECT_THAT(other.body, HasSubstr("IDEMPOTENCY_KEY_EXPIRED"));
  const Answer again = shop.pay(ann, "pay-aaaaaaaaaaaaaaaa", first);
  EXPECT_EQ(again.status, 201) << again.body;
  EXPECT_EQ(JsonBody(again.body).text("id"), JsonBody(paid.body).text("id"));
  EXPECT_EQ(shop.pay(ann, "pay-bbbbbbbbbbbbbbbb", second).status, 201);
}

}  // namespace
}  // namespace gantry::tests
