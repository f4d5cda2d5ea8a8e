// A provider that answers from a script; what it was asked is checked word by word.
#include "provider_steps.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "fixtures.hpp"

namespace gantry::payments {
namespace {

using Kind = Reply::Kind;

class Scripted final : public Provider {
 public:
  explicit Scripted(std::initializer_list<Kind> replies) : replies_(replies) {}

  std::string name() override { return "scripted"; }
  Reply authorize(const Uuid&, const Money&, const Method&) override { return next("authorize"); }
  Reply capture(const Uuid&) override { return next("capture"); }
  Reply cancel(const Uuid&) override { return next("cancel"); }
  Reply refund(const Uuid&, const Uuid&, int64_t) override { return next("refund"); }
  Reply retrieve(const Uuid&) override { return next("retrieve"); }

  std::string calls;

 private:
  Reply next(std::string_view call) {
    calls += calls.empty() ? "" : " ";
    calls += call;
    Reply reply;
    reply.kind = replies_.empty() ? Kind::unavailable : replies_.front();
    if (!replies_.empty()) replies_.pop_front();
    return reply;
  }
  std::deque<Kind> replies_;
};

const P::State kState = Given::given({kRequested}).state();
const P::Refund kAsked{kRefund, usd(400), "ill", RefundStatus::pending, kNow};

TEST(AuthorizeStep, TakesAnAnswerAsItIs) {
  Scripted provider{Kind::authorized};
  EXPECT_EQ(ProviderSteps(provider, 3).authorize(kPayment, kState).kind, Kind::authorized);
  EXPECT_EQ(provider.calls, "authorize");
}

TEST(AuthorizeStep, AsksWhatHappenedWhenThereWasNoAnswer) {
  Scripted provider{Kind::unknown, Kind::authorized};
  EXPECT_EQ(ProviderSteps(provider, 3).authorize(kPayment, kState).kind, Kind::authorized);
  EXPECT_EQ(provider.calls, "authorize retrieve");
}

TEST(AuthorizeStep, CallsAgainOnlyWhatTheProviderNeverHeardOf) {
  Scripted provider{Kind::unknown, Kind::absent, Kind::authorized};
  EXPECT_EQ(ProviderSteps(provider, 3).authorize(kPayment, kState).kind, Kind::authorized);
  EXPECT_EQ(provider.calls, "authorize retrieve authorize");
}

TEST(AuthorizeStep, StaysUnknownAfterItsAttempts) {
  Scripted provider{Kind::unknown, Kind::absent, Kind::unknown, Kind::absent};
  EXPECT_EQ(ProviderSteps(provider, 2).authorize(kPayment, kState).kind, Kind::unknown);
}

TEST(AuthorizeStep, StaysUnknownWhenNobodyCanBeAsked) {
  Scripted provider{Kind::unknown, Kind::unavailable};
  EXPECT_EQ(ProviderSteps(provider, 3).authorize(kPayment, kState).kind, Kind::unknown);
  EXPECT_EQ(provider.calls, "authorize retrieve");
}

TEST(AuthorizeStep, TriesAProviderThatIsNotAvailableAgain) {
  Scripted provider{Kind::unavailable, Kind::unavailable, Kind::authorized};
  EXPECT_EQ(ProviderSteps(provider, 3).authorize(kPayment, kState).kind, Kind::authorized);
  Scripted gone{};
  EXPECT_EQ(ProviderSteps(gone, 3).authorize(kPayment, kState).kind, Kind::unavailable);
}

TEST(AuthorizeStep, IsUnknownWhenAnEarlierCallMayHaveActed) {
  Scripted provider{Kind::unknown, Kind::absent, Kind::unavailable, Kind::unavailable};
  EXPECT_EQ(ProviderSteps(provider, 3).authorize(kPayment, kState).kind, Kind::unknown);
}

TEST(ResolveAuthorization, AsksBeforeItActs) {
  Scripted provider{Kind::authorized};
  EXPECT_EQ(ProviderSteps(provider, 3).resolve_authorization(kPayment, kState, true).kind,
            Kind::authorized);
  EXPECT_EQ(provider.calls, "retrieve");
}

TEST(ResolveAuthorization, AuthorisesAgainWhileThePaymentIsFresh) {
  Scripted provider{Kind::absent, Kind::authorized};
  EXPECT_EQ(ProviderSteps(provider, 3).resolve_authorization(kPayment, kState, true).kind,
            Kind::authorized);
  EXPECT_EQ(provider.calls, "retrieve authorize");
}

TEST(ResolveAuthorization, GivesUpAnOldPaymentThatTheProviderNeverHeardOf) {
  Scripted provider{Kind::absent, Kind::absent};
  const Reply reply = ProviderSteps(provider, 3).resolve_authorization(kPayment, kState, false);
  EXPECT_EQ(reply.kind, Kind::declined);
  EXPECT_EQ(reply.code, "PROCESSING_ERROR");
  EXPECT_EQ(provider.calls, "retrieve cancel");
}

TEST(ResolveAuthorization, NeverGuesses) {
  Scripted silent{Kind::unknown};
  EXPECT_EQ(ProviderSteps(silent, 3).resolve_authorization(kPayment, kState, false).kind,
            Kind::unknown);
  Scripted half{Kind::absent, Kind::unknown, Kind::unknown};
  EXPECT_EQ(ProviderSteps(half, 3).resolve_authorization(kPayment, kState, false).kind,
            Kind::unknown);
}

TEST(CaptureStep, CallsAgainWhatIsStillOnlyAuthorised) {
  Scripted provider{Kind::unknown, Kind::authorized, Kind::captured};
  EXPECT_EQ(ProviderSteps(provider, 3).capture(kPayment).kind, Kind::captured);
  EXPECT_EQ(provider.calls, "capture retrieve capture");
}

TEST(CaptureStep, OfSomethingThatIsGoneIsDeclined) {
  Scripted provider{Kind::absent};
  EXPECT_EQ(ProviderSteps(provider, 3).capture(kPayment).kind, Kind::declined);
}

TEST(GiveBackStep, IsDoneWhenNothingIsReserved) {
  for (const Kind kind : {Kind::voided, Kind::absent, Kind::declined}) {
    Scripted provider{kind};
    EXPECT_EQ(ProviderSteps(provider, 3).give_back(kPayment).kind, Kind::voided);
  }
}

TEST(RefundStep, AsksForTheRefundAndNotForThePayment) {
  Scripted provider{Kind::unknown, Kind::refunded};
  EXPECT_EQ(ProviderSteps(provider, 3).refund(kPayment, kAsked).kind, Kind::refunded);
  EXPECT_EQ(provider.calls, "refund retrieve");
}

}  // namespace
}  // namespace gantry::payments
