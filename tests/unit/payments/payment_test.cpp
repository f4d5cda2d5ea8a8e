#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace gantry::payments {
namespace {

TEST(Request, BeginsAPaymentOnce) {
  const P::Request request{kAlice, kTerms, usd(1000), {"card", "tok_ok"}, at(0s)};
  EXPECT_TRUE(Given::given({}).when(request).then({kRequested}));
  EXPECT_TRUE(Given::given({kRequested}).when(request).refuses(P::AlreadyExists{}));
}

TEST(Payment, MustExistForAnythingElse) {
  EXPECT_TRUE(Given::given({}).when(kCapture).refuses(P::NotFound{}));
  EXPECT_TRUE(Given::given({}).when(ask(kRefund)).refuses(P::NotFound{}));
}

TEST(Authorize, FollowsTheRequest) {
  EXPECT_TRUE(Given::given({kRequested}).when(kAuthorize).then({kAuthorized}));
}

TEST(Authorize, ResolvesAnUnknownOutcome) {
  EXPECT_TRUE(Given::given({kRequested, kLost}).when(kAuthorize).then({kAuthorized}));
}

TEST(Authorize, ToldAgainChangesNothing) {
  EXPECT_TRUE(Given::given({kRequested, kAuthorized}).when(kAuthorize).then({}));
  EXPECT_TRUE(Given::given({kRequested, kAuthorized, kCaptured}).when(kAuthorize).then({}));
}

TEST(Authorize, IsRefusedAfterTheEnd) {
  EXPECT_TRUE(Given::given({kRequested, kDeclined})
                  .when(kAuthorize)
                  .refuses(P::WrongState{Status::failed, "authorize"}));
  EXPECT_TRUE(Given::given({kRequested, kVoided})
                  .when(kAuthorize)
                  .refuses(P::WrongState{Status::voided, "authorize"}));
}

TEST(Capture, TakesWhatWasAuthorised) {
  EXPECT_TRUE(Given::given({kRequested, kAuthorized}).when(kCapture).then({kCaptured}));
}

TEST(Capture, HappensOnce) {
  EXPECT_TRUE(Given::given({kRequested, kAuthorized, kCaptured}).when(kCapture).then({}));
}

TEST(Capture, NeedsAnAuthorisation) {
  EXPECT_TRUE(Given::given({kRequested})
                  .when(kCapture)
                  .refuses(P::WrongState{Status::processing, "capture"}));
  EXPECT_TRUE(Given::given({kRequested, kLost})
                  .when(kCapture)
                  .refuses(P::WrongState{Status::unknown, "capture"}));
  EXPECT_TRUE(Given::given({kRequested, kVoided})
                  .when(kCapture)
                  .refuses(P::WrongState{Status::voided, "capture"}));
}

TEST(Capture, OfAnotherAmountIsRefused) {
  EXPECT_TRUE(Given::given({kRequested, kAuthorized})
                  .when(P::Capture{999, "cap", at(2s)})
                  .refuses(P::WrongAmount{usd(1000), 999}));
}

TEST(Capture, ResolvesAnUnknownCapture) {
  const P::OutcomeUnknown lost{Step::capture, at(2s)};
  EXPECT_TRUE(Given::given({kRequested, kAuthorized, lost}).when(kCapture).then({kCaptured}));
}

TEST(Decline, EndsAPaymentThatWasNotAuthorised) {
  const P::Decline decline{Step::authorize, "CARD_DECLINED", 2, at(1s)};
  EXPECT_TRUE(Given::given({kRequested}).when(decline).then({kDeclined}));
  EXPECT_TRUE(Given::given({kRequested, kLost}).when(decline).then({kDeclined}));
  EXPECT_TRUE(Given::given({kRequested, kDeclined}).when(decline).then({}));
}

TEST(Decline, NeverTouchesMoneyThatWasTaken) {
  const P::Decline decline{Step::capture, "PROCESSING_ERROR", 0, at(3s)};
  EXPECT_TRUE(Given::given({kRequested, kAuthorized, kCaptured})
                  .when(decline)
                  .refuses(P::WrongState{Status::captured, "decline"}));
}

TEST(Decline, OfTheCaptureEndsAnAuthorisedPayment) {
  const P::Decline decline{Step::capture, "PROCESSING_ERROR", 0, at(3s)};
  EXPECT_TRUE(Given::given({kRequested, kAuthorized})
                  .when(decline)
                  .then({P::Declined{Step::capture, "PROCESSING_ERROR", 0, at(3s)}}));
}

TEST(LoseTrack, IsSaidOnce) {
  const P::LoseTrack lose{Step::authorize, at(1s)};
  EXPECT_TRUE(Given::given({kRequested}).when(lose).then({kLost}));
  EXPECT_TRUE(Given::given({kRequested, kLost}).when(lose).then({}));
}

TEST(LoseTrack, RemembersWhatIsNotKnown) {
  const P::OutcomeUnknown lost{Step::capture, at(2s)};
  const auto spec = Given::given({kRequested, kAuthorized, lost});
  EXPECT_EQ(spec.state().status, Status::unknown);
  EXPECT_EQ(spec.state().open_step, Step::capture);
}

TEST(Void, IsOnlyForMoneyThatWasNotBooked) {
  const P::Void command{"RESERVATION_EXPIRED", 410, at(1s)};
  EXPECT_TRUE(Given::given({kRequested}).when(command).then({kVoided}));
  EXPECT_TRUE(Given::given({kRequested, kLost}).when(command).then({kVoided}));
  EXPECT_TRUE(Given::given({kRequested, kVoided}).when(command).then({}));
  EXPECT_TRUE(Given::given({kRequested, kAuthorized})
                  .when(command)
                  .refuses(P::WrongState{Status::authorized, "void"}));
}

TEST(Refund, WithoutAnAmountIsWhatThePolicyLeaves) {
  EXPECT_TRUE(Given::given({kRequested, kAuthorized, kCaptured})
                  .when(ask(kRefund))
                  .then({asked(kRefund, 1000)}));
  EXPECT_TRUE(Given::given({kRequested, kAuthorized, kCaptured, asked(kOther, 300)})
                  .when(ask(kRefund))
                  .then({asked(kRefund, 700)}));
}

TEST(Refund, OfAPartTakesThatPart) {
  EXPECT_TRUE(Given::given({kRequested, kAuthorized, kCaptured})
                  .when(ask(kRefund, 250))
                  .then({asked(kRefund, 250)}));
}

TEST(Refund, NeedsACapture) {
  EXPECT_TRUE(Given::given({kRequested, kAuthorized})
                  .when(ask(kRefund))
                  .refuses(P::WrongState{Status::authorized, "refund"}));
}

TEST(Refund, AskedForAgainUnderItsIdChangesNothing) {
  EXPECT_TRUE(Given::given({kRequested, kAuthorized, kCaptured, asked(kRefund, 1000)})
                  .when(ask(kRefund))
                  .then({}));
}

TEST(Refund, NeverExceedsWhatWasCaptured) {
  EXPECT_TRUE(Given::given({kRequested, kAuthorized, kCaptured})
                  .when(ask(kRefund, 1001))
                  .refuses(P::ExceedsCaptured{usd(1000)}));
  EXPECT_TRUE(Given::given({kRequested, kAuthorized, kCaptured, asked(kOther, 600)})
                  .when(ask(kRefund, 401))
                  .refuses(P::ExceedsCaptured{usd(400)}));
}

TEST(Refund, OfWhatHasGoneBackIsRefused) {
  EXPECT_TRUE(Given::given({kRequested, kAuthorized, kCaptured, asked(kOther, 1000),
                            went_back(kOther, 1000, 1000)})
                  .when(ask(kRefund))
                  .refuses(P::AlreadyRefunded{}));
}

TEST(Refund, ThatFailedLeavesItsAmountForAnother) {
  EXPECT_TRUE(Given::given({kRequested, kAuthorized, kCaptured, asked(kOther, 1000),
                            P::RefundFailed{kOther, usd(1000), "PROCESSING_ERROR", at(2h)}})
                  .when(ask(kRefund))
                  .then({asked(kRefund, 1000)}));
}

TEST(Refund, IsBoundByTheRulesOfTheEvent) {
  P::Requested soon = kRequested;
  soon.terms.starts_at = kNow + 24h * 5;
  EXPECT_TRUE(
      Given::given({soon, kAuthorized, kCaptured}).when(ask(kRefund)).then({asked(kRefund, 500)}));
  EXPECT_TRUE(Given::given({soon, kAuthorized, kCaptured})
                  .when(ask(kRefund, 501))
                  .refuses(P::NotRefundable{usd(500)}));
  soon.terms.starts_at = kNow + 24h * 2;
  EXPECT_TRUE(Given::given({soon, kAuthorized, kCaptured})
                  .when(ask(kRefund))
                  .refuses(P::NotRefundable{usd(0)}));
}

TEST(Refund, InAnotherCurrencyIsRefused) {
  auto command = ask(kRefund, 100);
  command.amount->currency = ticketing::Currency("EUR");
  EXPECT_TRUE(
      Given::given({kRequested, kAuthorized, kCaptured}).when(command).refuses(P::WrongCurrency{}));
}

TEST(CompleteRefund, SaysWhenEverythingHasGoneBack) {
  const P::CompleteRefund first{kRefund, "ref", at(2h)}, second{kOther, "ref", at(2h)};
  const std::vector<P::Event> past{kRequested, kAuthorized, kCaptured, asked(kRefund, 400),
                                   asked(kOther, 600)};
  EXPECT_TRUE(Given::given(past).when(first).then({went_back(kRefund, 400, 400)}));
  auto more = past;
  more.emplace_back(went_back(kRefund, 400, 400));
  EXPECT_TRUE(Given::given(more).when(second).then({went_back(kOther, 600, 1000)}));
}

TEST(CompleteRefund, HappensOnce) {
  EXPECT_TRUE(Given::given({kRequested, kAuthorized, kCaptured, asked(kRefund, 400),
                            went_back(kRefund, 400, 400)})
                  .when(P::CompleteRefund{kRefund, "ref", at(3h)})
                  .then({}));
}

TEST(FailRefund, NeverUndoesOneThatSucceeded) {
  EXPECT_TRUE(Given::given({kRequested, kAuthorized, kCaptured, asked(kRefund, 400),
                            went_back(kRefund, 400, 400)})
                  .when(P::FailRefund{kRefund, "PROCESSING_ERROR", at(3h)})
                  .refuses(P::WrongState{Status::captured, "fail a refund that succeeded"}));
}

}  // namespace
}  // namespace gantry::payments
