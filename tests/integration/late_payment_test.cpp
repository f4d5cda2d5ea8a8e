// Payments that come too late: for a reservation that is cancelled while the provider still thinks,
// and under a key whose answer is not kept any more.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <thread>

#include "gantry/text.hpp"
#include "tests/support/server.hpp"
#include "tests/support/shop.hpp"
#include "tests/support/storage.hpp"

namespace gantry::tests {
namespace {
using testing::HasSubstr;

class LatePayment : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(server_.start()) << server_.output();
    shop_.emplace(server_.port());
    admin_ = shop_->log_in("admin@example.com");
    event_ = shop_->open_event(admin_, {{"Floor", 0, 10, 1000}});
    ann_ = shop_->log_in("ann@example.com");
  }
  // A reservation of Ann's for one place.
  std::string held(const std::string& key) {
    const Answer answer = shop_->hold(ann_, key, event_, Shop::quantity_line("Floor", 1));
    EXPECT_EQ(answer.status, 201) << answer.body;
    return JsonBody(answer.body).text("id");
  }

  Server server_;
  std::optional<Shop> shop_;
  std::string admin_, event_, ann_;
};

TEST_F(LatePayment, OfACancelledReservationIsGivenBack) {
  const std::string reservation = held("hold-aaaaaaaaaaaaaaaa");
  Answer paid;
  std::thread paying([&] {
    paid = Shop(server_.port()).pay(ann_, "pay-aaaaaaaaaaaaaaaaa", reservation, "tok_slow_3000");
  });
  const std::string path = join("/api/reservations/", reservation);
  const auto state = [&] { return JsonBody(shop_->get(ann_, path).body).text("state"); };
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  while (state() != "paying" && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  const Answer cancelled =
      shop_->client().post(join(path, "/cancel"), "{}", {{"Authorization", "Bearer " + ann_}});
  paying.join();
  EXPECT_EQ(cancelled.status, 200) << cancelled.body;
  EXPECT_EQ(paid.status, 410) << paid.body;
  EXPECT_THAT(paid.body, HasSubstr("RESERVATION_EXPIRED"));
  EXPECT_EQ(state(), "cancelled");

  const Books books = read_books(*shop_, event_, admin_, {ann_}, 0);
  EXPECT_EQ(books.available, 10);
  EXPECT_EQ(books.sold, 0);
  for (const auto& [currency, net] : books.provider_net) EXPECT_EQ(net, 0) << currency;
  for (const auto& [currency, net] : books.our_net) EXPECT_EQ(net, 0) << currency;
}

TEST_F(LatePayment, UnderAnExpiredKeyIsForNoOtherReservationThanItOnceWas) {
  const std::string first = held("hold-first-aaaaaaaa"), second = held("hold-second-aaaaaaa");
  const Answer paid = shop_->pay(ann_, "pay-aaaaaaaaaaaaaaaa", first);
  ASSERT_EQ(paid.status, 201) << paid.body;
  // As the sweep does after idempotency.keep_hours.
  Storage(Engine::sqlite).ask_events(server_, "DELETE FROM es_answer");
  const Answer other = shop_->pay(ann_, "pay-aaaaaaaaaaaaaaaa", second);
  EXPECT_EQ(other.status, 409) << other.body;
  EXPECT_THAT(other.body, HasSubstr("IDEMPOTENCY_KEY_EXPIRED"));
  const Answer again = shop_->pay(ann_, "pay-aaaaaaaaaaaaaaaa", first);
  EXPECT_EQ(again.status, 201) << again.body;
  EXPECT_EQ(JsonBody(again.body).text("id"), JsonBody(paid.body).text("id"));
  EXPECT_EQ(shop_->pay(ann_, "pay-bbbbbbbbbbbbbbbb", second).status, 201);
}

}  // namespace
}  // namespace gantry::tests
