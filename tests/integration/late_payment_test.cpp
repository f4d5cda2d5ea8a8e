// A reservation is cancelled while the provider still thinks about its payment.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "gantry/text.hpp"
#include "tests/support/server.hpp"
#include "tests/support/shop.hpp"

namespace gantry::tests {
namespace {
using testing::HasSubstr;

TEST(LatePayment, OfACancelledReservationIsGivenBack) {
  Server server;
  ASSERT_TRUE(server.start()) << server.output();
  Shop shop(server.port());
  const std::string admin = shop.log_in("admin@example.com");
  const std::string event = shop.open_event(admin, {{"Floor", 0, 10, 1000}});
  const std::string ann = shop.log_in("ann@example.com");
  const Answer held =
      shop.hold(ann, "hold-aaaaaaaaaaaaaaaa", event, Shop::quantity_line("Floor", 1));
  const std::string reservation = JsonBody(held.body).text("id");
  ASSERT_EQ(held.status, 201) << held.body;

  Answer paid;
  std::thread paying([&] {
    paid = Shop(server.port()).pay(ann, "pay-aaaaaaaaaaaaaaaaa", reservation, "tok_slow_3000");
  });
  const std::string path = join("/api/reservations/", reservation);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  while (JsonBody(shop.get(ann, path).body).text("state") != "paying" &&
         std::chrono::steady_clock::now() < until) {
    std::this_thread::yield();
  }
  const Answer cancelled =
      shop.client().post(join(path, "/cancel"), "{}", {{"Authorization", "Bearer " + ann}});
  paying.join();
  EXPECT_EQ(cancelled.status, 200) << cancelled.body;
  EXPECT_EQ(paid.status, 410) << paid.body;
  EXPECT_THAT(paid.body, HasSubstr("RESERVATION_EXPIRED"));
  EXPECT_EQ(JsonBody(shop.get(ann, path).body).text("state"), "cancelled");

  const Books books = read_books(shop, event, admin, {ann}, 0);
  EXPECT_EQ(books.available, 10);
  EXPECT_EQ(books.sold, 0);
  for (const auto& [currency, net] : books.provider_net) EXPECT_EQ(net, 0) << currency;
  for (const auto& [currency, net] : books.our_net) EXPECT_EQ(net, 0) << currency;
}

}  // namespace
}  // namespace gantry::tests
