// kill -9 in the middle of 50 concurrent purchases: every answer that was given still holds, seats
// and money agree with the provider's ledger, and what the dead process held expires on time.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "gantry/text.hpp"
#include "tests/support/server.hpp"
#include "tests/support/shop.hpp"

namespace gantry::tests {
namespace {

constexpr int kBuyers = 50;
constexpr int kHoldSeconds =
    8;  // the policies allow short holds, so that the test sees them expire

struct Purchase {
  std::string token;
  std::string hold_key, pay_key;
  std::string reservation;  // of a 201
  std::string payment;      // of a 201
  int64_t position = 0;     // of the last answer: what is read later must have reached it
};

int64_t position_of(const Answer& answer) {
  const std::string at = answer.header("gantry-position");
  return at.empty() ? 0 : std::stoll(at);
}

// Holds one place and pays for it; 0 where the connection broke before the answer.
void buy(uint16_t port, const std::string& event, Purchase& purchase, std::atomic<int>& answered) {
  Shop shop(port);
  const Answer held =
      shop.hold(purchase.token, purchase.hold_key, event, Shop::quantity_line("Floor", 1));
  if (held.status != 201) return;
  ++answered;
  purchase.reservation = JsonBody(held.body).text("id");
  purchase.position = position_of(held);
  const Answer paid = shop.pay(purchase.token, purchase.pay_key, purchase.reservation);
  if (paid.status != 201) return;
  ++answered;
  purchase.payment = JsonBody(paid.body).text("id");
  purchase.position = position_of(paid);
}

class PurchaseCrash : public testing::TestWithParam<int> {};

TEST_P(PurchaseCrash, LosesNothingThatWasAnswered) {
  Server server;
  ASSERT_TRUE(server.start()) << server.output();
  Shop before(server.port());
  const std::string organizer = before.log_in("organizer@example.com"),
                    admin = before.log_in("admin@example.com");
  const std::string event = before.open_event(organizer, {{"Floor", 0, kBuyers, 1999}},
                                              join(R"({"hold_seconds":)", kHoldSeconds, "}"));
  ASSERT_FALSE(event.empty());
  std::vector<Purchase> purchases(kBuyers);
  for (int i = 0; i < kBuyers; ++i) {
    purchases[i].token = before.log_in(join("buyer", i, "@example.com"));
    purchases[i].hold_key = join("hold-", i, "-aaaaaaaaaaaa");
    purchases[i].pay_key = join("pay-", i, "-aaaaaaaaaaaaa");
    ASSERT_FALSE(purchases[i].token.empty());
  }

  std::atomic<int> answered{0};
  std::vector<std::thread> buyers;
  for (Purchase& purchase : purchases) {
    buyers.emplace_back([&] { buy(server.port(), event, purchase, answered); });
  }
  while (answered < GetParam()) std::this_thread::yield();
  server.kill();
  for (std::thread& buyer : buyers) buyer.join();

  ASSERT_TRUE(server.start()) << server.output();
  Shop after(server.port());
  int sold_before = 0;
  for (const Purchase& p : purchases) {
    if (p.reservation.empty()) continue;
    const Answer shown = after.get(p.token, join("/api/reservations/", p.reservation), p.position);
    ASSERT_EQ(shown.status, 200) << "an acknowledged reservation is gone: " << shown.body;
    if (p.payment.empty()) continue;
    ++sold_before;
    EXPECT_EQ(JsonBody(shown.body).text("state"), "confirmed") << shown.body;
    const Answer payment = after.get(p.token, join("/api/payments/", p.payment), p.position);
    EXPECT_EQ(JsonBody(payment.body).text("state"), "captured") << payment.body;
  }

  // Everybody repeats what they had asked for, with the same keys: the same answers, nothing twice.
  int64_t position = 0;
  for (Purchase& p : purchases) {
    const Answer held = after.hold(p.token, p.hold_key, event, Shop::quantity_line("Floor", 1));
    ASSERT_EQ(held.status, 201) << held.body;
    const std::string reservation = JsonBody(held.body).text("id");
    if (!p.reservation.empty()) {
      EXPECT_EQ(reservation, p.reservation) << "a repeat made a second reservation";
    }
    const Answer paid = after.pay(p.token, p.pay_key, reservation);
    ASSERT_TRUE(paid.status == 201 || paid.status == 410) << paid.status << paid.body;
    if (!p.payment.empty()) {
      EXPECT_EQ(paid.status, 201) << paid.body;
      EXPECT_EQ(JsonBody(paid.body).text("id"), p.payment) << "a repeat made a second payment";
    }
    p.payment = paid.status == 201 ? JsonBody(paid.body).text("id") : "";
    position = std::max(position, position_of(paid));
  }

  std::vector<std::string> customers;
  int64_t paid = 0;
  for (const Purchase& p : purchases) {
    customers.push_back(p.token);
    paid += !p.payment.empty();
  }
  EXPECT_GE(paid, sold_before);
  Books books = read_books(after, event, admin, customers, position);
  EXPECT_EQ(books.capacity, kBuyers);
  EXPECT_EQ(books.capacity, books.held + books.sold + books.available);
  EXPECT_EQ(books.sold, paid);
  EXPECT_EQ(books.our_net["EUR"], paid * 1999);
  EXPECT_EQ(books.provider_net["EUR"], books.our_net["EUR"]);
}

// After so many answers of the hundred that 50 purchases get.
INSTANTIATE_TEST_SUITE_P(AtAnyMoment, PurchaseCrash, testing::Values(5, 40, 60, 90));

TEST(HoldsOfADeadProcess, ExpireOnTime) {
  Server server;
  ASSERT_TRUE(server.start()) << server.output();
  std::string event, customer, reservation;
  {
    Shop shop(server.port());
    const std::string organizer = shop.log_in("organizer@example.com");
    customer = shop.log_in("buyer@example.com");
    event = shop.open_event(organizer, {{"Floor", 0, 2, 1000}}, R"({"hold_seconds":5})");
    const Answer held =
        shop.hold(customer, "hold-aaaaaaaaaaaaaaaa", event, Shop::quantity_line("Floor", 2));
    ASSERT_EQ(held.status, 201) << held.body;
    reservation = JsonBody(held.body).text("id");
  }
  server.kill();
  ASSERT_TRUE(server.start()) << server.output();
  Shop shop(server.port());
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5 + 5 + 2);
  const auto until = [&](const auto& reached) {
    bool done = reached();
    while (!done && std::chrono::steady_clock::now() < deadline) done = reached();
    return done;
  };
  EXPECT_TRUE(until([&] {
    return JsonBody(shop.get(customer, join("/api/reservations/", reservation)).body)
               .text("state") == "expired";
  })) << "5 s of hold and at most 5 s until the timer's event";
  EXPECT_TRUE(until([&] {
    return JsonBody(shop.get("", join("/api/events/", event, "/availability")).body)
               .integer("total_available") == 2;
  }));
}

}  // namespace
}  // namespace gantry::tests
