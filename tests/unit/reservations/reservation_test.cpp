#include "reservation.hpp"

#include <random>

#include "fixtures.hpp"
#include "gantry/testkit/spec.hpp"

namespace gantry::reservations {
namespace {

using R = Reservation;
using Spec = testkit::Spec<Reservation>;
using Past = std::vector<R::Event>;

const R::Held kHeld = held();
const R::PaymentStarted kStarted{kFirst, at(10s)};
const R::HoldExtended kExtended{at(420s)};
const R::PaymentDeclined kDeclined{kFirst, 1, at(20s)};
const R::Confirmed kConfirmed{kFirst, kTickets, at(30s)};
const R::Expired kExpired{at(420s)};
const R::Cancelled kCancelled{R::Cause::customer, "no time", at(40s)};
const R::Cancelled kRefunded{R::Cause::refunded, "refunded", at(50s)};
const Past kPaying{kHeld, kStarted, kExtended};

Past after(Past past, const R::Event& event) {
  past.push_back(event);
  return past;
}
R::BeginPayment pay(const Uuid& payment, Instant now) { return {payment, "customer", now}; }
R::Confirm confirm(const Uuid& payment, Instant now) { return {payment, kTickets, now}; }
R::Cancel cancel(Instant now) { return {"customer", false, "no time", now}; }

TEST(ReservationHold, KeepsEverythingInOneFact) {
  EXPECT_TRUE(
      Spec::given({})
          .when(R::Hold{"customer", kHeld.terms, kHeld.lines, kHeld.total, at(300s), at(0s)})
          .then({kHeld}));
}

TEST(ReservationHold, HappensOnce) {
  EXPECT_TRUE(
      Spec::given({kHeld})
          .when(R::Hold{"customer", kHeld.terms, kHeld.lines, kHeld.total, at(300s), at(0s)})
          .refuses(R::AlreadyExists{}));
}

TEST(ReservationPayment, ExtendsTheHoldTheFirstTime) {
  EXPECT_TRUE(Spec::given({kHeld}).when(pay(kFirst, at(10s))).then({kStarted, kExtended}));
}

TEST(ReservationPayment, ExtendsTheHoldNeverAgain) {
  EXPECT_TRUE(Spec::given(after(kPaying, kDeclined))
                  .when(pay(kSecond, at(25s)))
                  .then({R::PaymentStarted{kSecond, at(25s)}}));
}

TEST(ReservationPayment, IsForTheCustomer) {
  EXPECT_TRUE(Spec::given({kHeld})
                  .when(R::BeginPayment{kFirst, "somebody", at(10s)})
                  .refuses(R::NotTheCustomer{}));
  EXPECT_TRUE(Spec::given({}).when(pay(kFirst, at(10s))).refuses(R::NotFound{}));
}

TEST(ReservationPayment, RepeatedChangesNothing) {
  EXPECT_TRUE(Spec::given(kPaying).when(pay(kFirst, at(12s))).then({}));
}

TEST(ReservationPayment, IsOneAtATime) {
  EXPECT_TRUE(Spec::given(kPaying).when(pay(kSecond, at(12s))).refuses(R::PaymentInProgress{}));
}

TEST(ReservationPayment, IsTooLateFromTheInstantOfExpiryOn) {
  EXPECT_TRUE(Spec::given({kHeld})
                  .when(pay(kFirst, at(300s) - 1us))
                  .then({R::PaymentStarted{kFirst, at(300s) - 1us}, kExtended}));
  EXPECT_TRUE(Spec::given({kHeld}).when(pay(kFirst, at(300s))).refuses(R::HasExpired{at(300s)}));
  EXPECT_TRUE(Spec::given({kHeld, R::Expired{at(301s)}})
                  .when(pay(kFirst, at(302s)))
                  .refuses(R::HasExpired{at(300s)}));
}

TEST(ReservationPayment, IsRefusedWhenPaidCancelledOrFailed) {
  EXPECT_TRUE(Spec::given(after(kPaying, kConfirmed))
                  .when(pay(kSecond, at(60s)))
                  .refuses(R::AlreadyPaid{}));
  EXPECT_TRUE(Spec::given({kHeld, kCancelled})
                  .when(pay(kFirst, at(60s)))
                  .refuses(R::WrongState{Status::cancelled, "pay"}));
  EXPECT_TRUE(Spec::given({kHeld, R::Failed{at(50s)}})
                  .when(pay(kFirst, at(60s)))
                  .refuses(R::WrongState{Status::failed, "pay"}));
}

TEST(ReservationDecline, LeavesTheHoldWhileAttemptsAreLeft) {
  EXPECT_TRUE(Spec::given(kPaying).when(R::Decline{kFirst, at(20s)}).then({kDeclined}));
}

TEST(ReservationDecline, FailsWithTheLastAttempt) {
  const Past past = after(after(kPaying, kDeclined), R::PaymentStarted{kSecond, at(25s)});
  EXPECT_TRUE(Spec::given(past)
                  .when(R::Decline{kSecond, at(26s)})
                  .then({R::PaymentDeclined{kSecond, 0, at(26s)}, R::Failed{at(26s)}}));
}

TEST(ReservationDecline, OfAPaymentThatIsNotUnderWayChangesNothing) {
  EXPECT_TRUE(Spec::given(kPaying).when(R::Decline{kSecond, at(20s)}).then({}));
  EXPECT_TRUE(Spec::given(after(kPaying, kDeclined)).when(R::Decline{kFirst, at(21s)}).then({}));
  EXPECT_TRUE(Spec::given(after(kPaying, kExpired)).when(R::Decline{kFirst, at(500s)}).then({}));
}

TEST(ReservationConfirm, IssuesTickets) {
  EXPECT_TRUE(Spec::given(kPaying).when(confirm(kFirst, at(30s))).then({kConfirmed}));
}

TEST(ReservationConfirm, RepeatedChangesNothing) {
  EXPECT_TRUE(Spec::given(after(kPaying, kConfirmed)).when(confirm(kFirst, at(31s))).then({}));
}

TEST(ReservationConfirm, HappensForOnePaymentOnly) {
  const Past past{kHeld,     kStarted, kExtended, kDeclined, R::PaymentStarted{kSecond, at(25s)},
                  kConfirmed};
  EXPECT_TRUE(Spec::given(past).when(confirm(kSecond, at(31s))).refuses(R::AlreadyPaid{}));
}

TEST(ReservationConfirm, MayComeLate) {
  for (const R::Event& end : Past{kExpired, R::Failed{at(40s)}})
    EXPECT_TRUE(Spec::given(after(kPaying, end))
                    .when(confirm(kFirst, at(500s)))
                    .then({R::Confirmed{kFirst, kTickets, at(500s)}}));
}

TEST(ReservationConfirm, DoesNotReviveWhatWasCancelledMeanwhile) {
  EXPECT_TRUE(Spec::given(after(kPaying, kCancelled))
                  .when(confirm(kFirst, at(31s)))
                  .refuses(R::HasExpired{at(420s)}));
}

TEST(ReservationConfirm, TakesAPaymentThatWasCalledDeclinedBefore) {
  EXPECT_TRUE(
      Spec::given(after(kPaying, kDeclined)).when(confirm(kFirst, at(30s))).then({kConfirmed}));
}

TEST(ReservationConfirm, NeedsAPaymentOfThisReservation) {
  EXPECT_TRUE(Spec::given(kPaying)
                  .when(confirm(kThird, at(30s)))
                  .refuses(R::WrongState{Status::paying, "confirm"}));
  EXPECT_TRUE(Spec::given({}).when(confirm(kFirst, at(30s))).refuses(R::NotFound{}));
}

TEST(ReservationConfirm, DoesNotReviveWhatWasRefunded) {
  EXPECT_TRUE(Spec::given(after(after(kPaying, kConfirmed), kRefunded))
                  .when(confirm(kFirst, at(60s)))
                  .refuses(R::HasExpired{at(420s)}));
}

TEST(ReservationRefund, Cancels) {
  EXPECT_TRUE(
      Spec::given(after(kPaying, kConfirmed)).when(R::Refund{kFirst, at(50s)}).then({kRefunded}));
}

TEST(ReservationRefund, OfAnythingElseChangesNothing) {
  EXPECT_TRUE(Spec::given(after(kPaying, kConfirmed)).when(R::Refund{kSecond, at(50s)}).then({}));
  EXPECT_TRUE(Spec::given(after(after(kPaying, kConfirmed), kRefunded))
                  .when(R::Refund{kFirst, at(51s)})
                  .then({}));
  EXPECT_TRUE(Spec::given(after(kPaying, kExpired)).when(R::Refund{kFirst, at(500s)}).then({}));
}

TEST(ReservationExpiry, EndsAHoldAtItsInstant) {
  EXPECT_TRUE(Spec::given({kHeld}).when(R::Expire{at(300s) - 1us}).then({}));
  EXPECT_TRUE(Spec::given({kHeld}).when(R::Expire{at(300s)}).then({R::Expired{at(300s)}}));
}

TEST(ReservationExpiry, WaitsForTheExtension) {
  EXPECT_TRUE(Spec::given(kPaying).when(R::Expire{at(300s)}).then({}));
  EXPECT_TRUE(Spec::given(kPaying).when(R::Expire{at(420s)}).then({kExpired}));
}

TEST(ReservationExpiry, LeavesEverythingThatHasEndedAlone) {
  for (const R::Event& end : Past{kConfirmed, kExpired, kCancelled, R::Failed{at(40s)}})
    EXPECT_TRUE(Spec::given(after(kPaying, end)).when(R::Expire{at(900s)}).then({}));
}

TEST(ReservationCancel, GivesTheSeatsBack) {
  EXPECT_TRUE(Spec::given({kHeld}).when(cancel(at(40s))).then({kCancelled}));
  EXPECT_TRUE(Spec::given(kPaying).when(cancel(at(40s))).then({kCancelled}));
}

TEST(ReservationCancel, RepeatedChangesNothing) {
  EXPECT_TRUE(Spec::given({kHeld, kCancelled}).when(cancel(at(41s))).then({}));
}

TEST(ReservationCancel, IsForTheCustomerAndAdmins) {
  EXPECT_TRUE(Spec::given({kHeld})
                  .when(R::Cancel{"somebody", false, "", at(40s)})
                  .refuses(R::NotTheCustomer{}));
  EXPECT_TRUE(Spec::given({kHeld})
                  .when(R::Cancel{"somebody", true, "fraud", at(40s)})
                  .then({R::Cancelled{R::Cause::admin, "fraud", at(40s)}}));
  EXPECT_TRUE(Spec::given({}).when(cancel(at(40s))).refuses(R::NotFound{}));
}

TEST(ReservationCancel, IsNoWayBackFromOtherEnds) {
  EXPECT_TRUE(Spec::given(after(kPaying, kConfirmed))
                  .when(cancel(at(40s)))
                  .refuses(R::WrongState{Status::confirmed, "cancel"}));
  EXPECT_TRUE(Spec::given(after(kPaying, kExpired))
                  .when(cancel(at(500s)))
                  .refuses(R::WrongState{Status::expired, "cancel"}));
  EXPECT_TRUE(Spec::given({kHeld, R::Failed{at(30s)}})
                  .when(cancel(at(40s)))
                  .refuses(R::WrongState{Status::failed, "cancel"}));
}

// Random commands, seeded: whatever happens, it happened by the rules.
TEST(ReservationAlways, IsPaidOnceAndExtendedOnce) {
  for (uint32_t seed = 0; seed < 20'000; ++seed) {
    std::mt19937 random(seed);
    const auto pick = [&](uint32_t below) { return static_cast<uint32_t>(random() % below); };
    R::State state;
    R::evolve(state, kHeld);
    Instant now = kNoon;
    int extensions = 0, confirmations = 0, refunds = 0;
    for (int step = 0; step < 25; ++step) {
      now = now + std::chrono::seconds(pick(40));
      const Uuid payment = id_of(static_cast<uint8_t>(11 + pick(4)));
      const std::vector<R::Command> commands{pay(payment, now),     R::Decline{payment, now},
                                             confirm(payment, now), R::Refund{payment, now},
                                             R::Expire{now},        cancel(now)};
      const auto decided = R::decide(state, commands[pick(6)]);
      if (!decided) continue;
      for (const R::Event& event : *decided) {
        R::evolve(state, event);
        extensions += std::holds_alternative<R::HoldExtended>(event);
        confirmations += std::holds_alternative<R::Confirmed>(event);
        if (const auto* end = std::get_if<R::Cancelled>(&event))
          refunds += end->cause == R::Cause::refunded;
      }
    }
    ASSERT_LE(extensions, 1) << "seed " << seed;
    ASSERT_LE(confirmations, 1) << "seed " << seed;
    ASSERT_LE(refunds, confirmations) << "seed " << seed;
    ASSERT_LE(state.payments.size(), 2u) << "seed " << seed;
    ASSERT_LE(state.expires_at, at(420s)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace gantry::reservations
