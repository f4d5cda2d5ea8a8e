// One request at two servers at the same time, as a load balancer sends it that does not wait for
// the first answer: one effect, and one answer for both.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>

#include "gantry/text.hpp"
#include "tests/support/shop.hpp"
#include "tests/support/storage.hpp"

namespace gantry::tests {
namespace {

constexpr uint32_t kPairs = 20;

class SameKeyAtTwoServers : public testing::Test {
 protected:
  using Request = std::function<Answer(Shop& shop)>;

  void SetUp() override {
    ASSERT_TRUE(one_.start() && other_.start()) << one_.output() << other_.output();
    Shop shop(one_.port());
    buyer_ = shop.log_in("buyer@example.com");
    event_ = shop.open_event(shop.log_in("organizer@example.com"), {{"Hall", 1, kPairs, 1000}});
    ASSERT_FALSE(event_.empty());
  }

  // Sends it to both. The answer that was made; whoever did not make it replays it, or says that
  // the other one is at it.
  Answer send_to_both(const Request& request) {
    Shop shops[2] = {Shop(one_.port()), Shop(other_.port())};
    Answer answers[2];
    std::atomic<int> ready{0};
    std::thread senders[2];
    for (int i = 0; i < 2; ++i) {
      senders[i] = std::thread([&, i] {
        for (++ready; ready < 2;) std::this_thread::yield();
        answers[i] = request(shops[i]);
      });
    }
    for (auto& sender : senders) sender.join();
    const int made = answers[0].status == 201 && !is_replayed(answers[0]) ? 0 : 1;
    const Answer &first = answers[made], &second = answers[1 - made];
    EXPECT_EQ(first.status, 201) << first.body << second.body;
    EXPECT_FALSE(is_replayed(first));
    if (second.status == 409) {
      EXPECT_EQ(JsonBody(second.body).text("code"), "IDEMPOTENCY_IN_PROGRESS") << second.body;
      return first;
    }
    EXPECT_EQ(second.status, 201) << second.body;
    EXPECT_TRUE(is_replayed(second));
    EXPECT_EQ(second.body, first.body);
    EXPECT_EQ(second.header("location"), first.header("location"));
    return first;
  }
  Answer hold(uint32_t n) {
    return send_to_both([&](Shop& shop) {
      return shop.hold(buyer_, join("hold-", n, "-aaaaaaaaaaaaaaaa"), event_,
                       Shop::seat_line("Hall", join("R1-", n)));
    });
  }
  Answer pay(uint32_t n, const std::string& reservation) {
    return send_to_both([&](Shop& shop) {
      return shop.pay(buyer_, join("pay-", n, "-aaaaaaaaaaaaaaaa"), reservation);
    });
  }
  std::string count(std::string_view event_type) {
    return storage_.ask_events(
        one_, join("SELECT count(*) FROM es_event WHERE type = '", event_type, "'"));
  }

  const Storage storage_{Engine::postgresql};
  Server one_{storage_.options()}, other_{storage_.options()};
  std::string buyer_, event_;

 private:
  static bool is_replayed(const Answer& answer) {
    return answer.header("idempotency-replayed") == "true";
  }
};

TEST_F(SameKeyAtTwoServers, HoldsAndPaysOnceAndBothAreToldTheSame) {
  for (uint32_t n = 1; n <= kPairs; ++n) {
    const Answer held = hold(n);
    pay(n, JsonBody(held.body).text("id"));
  }
  EXPECT_EQ(count("reservations.held.v1"), to_text(kPairs));
  EXPECT_EQ(count("payments.requested.v1"), to_text(kPairs));
  const auto [code, words] = storage_.verify(one_);
  EXPECT_EQ(code, 0) << words;
}

}  // namespace
}  // namespace gantry::tests
