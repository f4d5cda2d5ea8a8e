// Payments against a provider that fails at random, with a server that stops at random: at any
// stop nothing is remembered but the events. In the end our books and the provider's agree.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "fixtures.hpp"
#include "provider_steps.hpp"

namespace gantry::payments {
namespace {

using Kind = Reply::Kind;

// Keeps true books; whether an answer gets through is another matter.
class Unreliable final : public Provider {
 public:
  Unreliable(std::mt19937& random, bool declines) : random_(random), declines_(declines) {}

  std::string name() override { return "unreliable"; }
  Reply authorize(const Uuid&, const Money& amount, const Method&) override {
    return act([&] {
      if (state_ == Kind::absent) {
        state_ = declines_ ? Kind::declined : Kind::authorized;
        amount_ = amount.minor;
      }
      return state_ == Kind::declined ? Kind::declined : Kind::authorized;
    });
  }
  Reply capture(const Uuid&) override {
    return act([&] {
      if (state_ == Kind::authorized) {
        state_ = Kind::captured;
        taken += amount_;
      }
      return state_ == Kind::captured ? Kind::captured : Kind::declined;
    });
  }
  Reply cancel(const Uuid&) override {
    return act([&] {
      if (state_ == Kind::authorized) state_ = Kind::voided;
      return state_;
    });
  }
  Reply refund(const Uuid&, const Uuid& refund_key, int64_t amount) override {
    return act([&] {
      if (refunds_.emplace(refund_key, amount).second) sent_back += amount;
      return Kind::refunded;
    });
  }
  Reply retrieve(const Uuid& key) override {
    return act([&] {
      if (key != kPayment) return refunds_.contains(key) ? Kind::refunded : Kind::absent;
      return state_;
    });
  }
  void heal() { healthy_ = true; }
  bool reserves() const { return state_ == Kind::authorized; }

  int64_t taken = 0;
  int64_t sent_back = 0;

 private:
  template <class F>
  Reply act(F&& act_truly) {
    Reply reply;
    const auto luck = healthy_ ? 9 : random_() % 10;
    if (luck < 2) {
      reply.kind = Kind::unavailable;
      return reply;
    }
    if (luck == 2) return reply;  // unknown, and nothing happened
    reply.kind = act_truly();
    reply.code = "CARD_DECLINED";
    if (reply.kind != Kind::refunded) reply.amount = amount_;
    if (luck < 6) reply.kind = Kind::unknown;  // it has happened, but nobody hears of it
    return reply;
  }
  std::mt19937& random_;
  bool declines_;
  bool healthy_ = false;
  Kind state_ = Kind::absent;
  int64_t amount_ = 0;
  std::map<Uuid, int64_t> refunds_;
};

// The process without its surroundings: state from events, one step, events.
class Books {
 public:
  Books(Unreliable& provider, std::mt19937& random) : steps_(provider, 2), random_(random) {
    P::evolve(state, kRequested);
  }

  void settle(bool seats_are_gone, bool fresh) {
    switch (state.status) {
      case Status::processing:
        return authorized(fresh ? steps_.authorize(kPayment, state)
                                : steps_.resolve_authorization(kPayment, state, fresh),
                          seats_are_gone);
      case Status::authorized:
        return captured(steps_.capture(kPayment));
      case Status::unknown:
        if (state.open_step == Step::capture) return captured(steps_.capture(kPayment));
        return authorized(steps_.resolve_authorization(kPayment, state, fresh), seats_are_gone);
      case Status::voided:
        steps_.give_back(kPayment);
        return;
      case Status::captured:
        for (const P::Refund& refund : std::vector(state.refunds)) settle(refund);
        return;
      case Status::failed:
        return;
    }
  }
  void decide(const P::Command& command) {
    if (random_() % 8 == 0) return;  // the server stops before the commit
    const auto events = P::decide(state, command);
    if (!events) return;
    for (const P::Event& event : *events) {
      if (std::holds_alternative<P::Captured>(event)) ++captures;
      P::evolve(state, event);
    }
  }

  P::State state;
  int captures = 0;

 private:
  void authorized(const Reply& reply, bool seats_are_gone) {
    if (reply.kind == Kind::authorized && seats_are_gone)
      return decide(P::Void{"RESERVATION_EXPIRED", 410, kNow});
    if (reply.kind == Kind::authorized) return decide(kAuthorize);
    if (reply.kind == Kind::declined)
      return decide(P::Decline{Step::authorize, reply.code, 0, kNow});
    if (reply.kind == Kind::unknown) decide(P::LoseTrack{Step::authorize, kNow});
  }
  void captured(const Reply& reply) {
    if (reply.kind == Kind::captured) return decide(P::Capture{reply.amount, "cap", kNow});
    if (reply.kind == Kind::declined) return decide(P::Decline{Step::capture, reply.code, 0, kNow});
    if (reply.kind == Kind::unknown) decide(P::LoseTrack{Step::capture, kNow});
  }
  void settle(const P::Refund& refund) {
    if (refund.status != RefundStatus::pending) return;
    if (steps_.refund(kPayment, refund).kind == Kind::refunded)
      decide(P::CompleteRefund{refund.id, "ref", kNow});
  }
  ProviderSteps steps_;
  std::mt19937& random_;
};

class Settlement : public testing::TestWithParam<unsigned> {};

TEST_P(Settlement, LosesAndMakesNoMoney) {
  std::mt19937 random(GetParam());
  for (int round = 0; round < 300; ++round) {
    const bool declines = random() % 5 == 0, seats_are_gone = random() % 4 == 0;
    Unreliable provider(random, declines);
    Books books(provider, random);
    for (int step = 0; step < 40; ++step) {
      books.settle(seats_are_gone, step < 5);
      if (random() % 5 == 0)
        books.decide(ask(id(static_cast<uint8_t>(20 + random() % 4)),
                         1 + static_cast<int64_t>(random() % 600)));
      ASSERT_LE(books.captures, 1);
      ASSERT_LE(books.state.captured().minor, provider.taken);
      ASSERT_LE(books.state.committed().minor, books.state.captured().minor);
      ASSERT_LE(provider.sent_back, provider.taken);
      ASSERT_LE(provider.taken, 1000);
    }
    provider.heal();
    for (int step = 0; step < 60; ++step) books.settle(seats_are_gone, false);

    const P::State& end = books.state;
    EXPECT_TRUE(end.status == Status::captured || end.status == Status::failed ||
                end.status == Status::voided)
        << name_of(end.status);
    EXPECT_EQ(end.captured().minor, provider.taken);
    EXPECT_EQ(end.refunded().minor, provider.sent_back);
    EXPECT_EQ(end.committed(), end.refunded());
    EXPECT_FALSE(provider.reserves());
    EXPECT_FALSE(seats_are_gone && provider.taken > 0);
    EXPECT_FALSE(declines && provider.taken > 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Settlement, testing::Range(1u, 9u));

}  // namespace
}  // namespace gantry::payments
