#include "inventory.hpp"

#include "fixtures.hpp"
#include "gantry/testkit/spec.hpp"

namespace gantry::events {
namespace {

using I = Inventory;
using Spec = testkit::Spec<Inventory>;
using Cause = I::Cause;
using Place = I::Place;

const I::Opened kFloor{SectionKind::general_admission, 5, {}};
const I::Opened kRows{SectionKind::numbered, 7, {{"A", 4}, {"B", 3}}};

I::Held held(const Uuid& by, uint32_t quantity, Instant from = at(0s)) {
  return {by, {}, quantity, from, from + 300s};
}
I::Held held(const Uuid& by, std::vector<std::string> seats, Instant from = at(0s)) {
  const auto quantity = static_cast<uint32_t>(seats.size());
  return {by, std::move(seats), quantity, from, from + 300s};
}
I::Confirmed confirmed(const I::Held& hold, Instant when) {
  return {hold.by, hold.seats, hold.quantity, when};
}
I::Released released(const I::Held& hold, Place from, Cause cause, Instant when) {
  return {hold.by, from, cause, hold.seats, hold.quantity, when};
}
I::Hold hold(const Uuid& by, uint32_t quantity, Instant now = at(0s), bool adjacent = false) {
  return {by, {}, {{quantity, adjacent}}, now, now + 300s};
}
I::Hold hold(const Uuid& by, std::vector<std::string> seats, Instant now = at(0s)) {
  return {by, std::move(seats), {}, now, now + 300s};
}

TEST(InventoryOpen, HappensOnce) {
  EXPECT_TRUE(Spec::given({}).when(I::Open{SectionKind::general_admission, 5, {}}).then({kFloor}));
  EXPECT_TRUE(Spec::given({kFloor})
                  .when(I::Open{SectionKind::general_admission, 5, {}})
                  .refuses(I::AlreadyOpen{}));
}

TEST(InventoryHold, IsRefusedInASectionThatDoesNotExist) {
  EXPECT_TRUE(Spec::given({}).when(hold(kAlice, 1)).refuses(I::NotOpen{}));
}

TEST(InventoryHold, TakesPlacesInGeneralAdmission) {
  EXPECT_TRUE(Spec::given({kFloor}).when(hold(kAlice, 5)).then({held(kAlice, 5)}));
}

TEST(InventoryHold, AddsUpSeveralPicksOfGeneralAdmission) {
  const I::Hold twice{kAlice, {}, {{2, false}, {1, true}}, at(0s), at(300s)};
  EXPECT_TRUE(Spec::given({kFloor}).when(twice).then({held(kAlice, 3)}));
}

TEST(InventoryHold, OfTheSameReservationChangesNothing) {
  EXPECT_TRUE(Spec::given({kFloor, held(kAlice, 2)}).when(hold(kAlice, 2)).then({}));
}

TEST(InventoryHold, SaysHowManyAreLeftAndWhenMoreMayBe) {
  EXPECT_TRUE(Spec::given({kFloor, held(kAlice, 2, at(0s)), held(kBob, 1, at(60s))})
                  .when(hold(kCarol, 3, at(100s)))
                  .refuses(I::Insufficient{3, 2, 3, at(300s)}));
}

TEST(InventoryHold, HasNoTimeToRetryWhenNothingIsHeld) {
  const auto sold = held(kAlice, 4);
  EXPECT_TRUE(Spec::given({kFloor, sold, confirmed(sold, at(10s))})
                  .when(hold(kBob, 2, at(20s)))
                  .refuses(I::Insufficient{2, 1, 0, std::nullopt}));
}

TEST(InventoryHold, IsSoldOutWhenNothingIsHeldEither) {
  const auto sold = held(kAlice, 5);
  EXPECT_TRUE(Spec::given({kFloor, sold, confirmed(sold, at(10s))})
                  .when(hold(kBob, 1, at(20s)))
                  .refuses(I::SoldOut{}));
}

TEST(InventoryHold, IsNotSoldOutWhileAHoldMayStillExpire) {
  EXPECT_TRUE(Spec::given({kFloor, held(kAlice, 5)})
                  .when(hold(kBob, 1, at(299s)))
                  .refuses(I::Insufficient{1, 0, 5, at(300s)}));
}

TEST(InventoryHold, TakesPlacesWhoseHoldHasExpiredEvenIfNoTimerFired) {
  const auto first = held(kAlice, 4);
  EXPECT_TRUE(
      Spec::given({kFloor, first})
          .when(hold(kBob, 3, at(300s)))
          .then({released(first, Place::held, Cause::expired, at(300s)), held(kBob, 3, at(300s))}));
}

TEST(InventoryHold, LeavesExpiredHoldsAloneThatItDoesNotNeed) {
  EXPECT_TRUE(Spec::given({kFloor, held(kAlice, 2)})
                  .when(hold(kBob, 3, at(400s)))
                  .then({held(kBob, 3, at(400s))}));
}

TEST(InventoryHold, TakesNamedSeats) {
  EXPECT_TRUE(
      Spec::given({kRows}).when(hold(kAlice, {"B-3", "A-1"})).then({held(kAlice, {"B-3", "A-1"})}));
}

TEST(InventoryHold, NamesEverySeatThatIsTaken) {
  EXPECT_TRUE(Spec::given({kRows, held(kAlice, {"A-1", "A-2"})})
                  .when(hold(kBob, {"A-2", "A-3", "A-1"}))
                  .refuses(I::SeatTaken{{"A-2", "A-1"}}));
}

TEST(InventoryHold, NamesEverySeatThatDoesNotExist) {
  EXPECT_TRUE(Spec::given({kRows})
                  .when(hold(kBob, {"A-1", "A-5", "C-1", "A-0", "A-01", "A", ""}))
                  .refuses(I::UnknownSeat{{"A-5", "C-1", "A-0", "A-01", "A", ""}}));
}

TEST(InventoryHold, KnowsNoSeatsInGeneralAdmission) {
  EXPECT_TRUE(Spec::given({kFloor}).when(hold(kBob, {"A-1"})).refuses(I::UnknownSeat{{"A-1"}}));
}

TEST(InventoryHold, TakesASeatOnlyOnce) {
  EXPECT_TRUE(Spec::given({kRows}).when(hold(kBob, {"A-1", "A-1"})).refuses(I::SeatTaken{{"A-1"}}));
}

TEST(InventoryHold, TakesASeatWhoseHoldHasExpiredEvenIfNoTimerFired) {
  const auto first = held(kAlice, {"A-1", "A-2"});
  EXPECT_TRUE(Spec::given({kRows, first})
                  .when(hold(kBob, {"A-1"}, at(300s)))
                  .then({released(first, Place::held, Cause::expired, at(300s)),
                         held(kBob, {"A-1"}, at(300s))}));
}

TEST(InventoryHold, DoesNotTakeASeatAnInstantBeforeItsHoldExpires) {
  EXPECT_TRUE(Spec::given({kRows, held(kAlice, {"A-1"})})
                  .when(hold(kBob, {"A-1"}, at(300s) - std::chrono::microseconds(1)))
                  .refuses(I::SeatTaken{{"A-1"}}));
}

TEST(InventoryHold, ChoosesSeatsNextToEachOtherWhenThereAreSuch) {
  EXPECT_TRUE(Spec::given({kRows, held(kAlice, {"A-2"})})
                  .when(hold(kBob, 3))
                  .then({held(kBob, {"B-1", "B-2", "B-3"})}));
}

TEST(InventoryHold, ChoosesTheFirstFreeSeatsOtherwise) {
  EXPECT_TRUE(Spec::given({kRows, held(kAlice, {"A-2", "B-2"})})
                  .when(hold(kBob, 3))
                  .then({held(kBob, {"A-1", "A-3", "A-4"})}));
}

TEST(InventoryHold, RefusesWhenAdjacentSeatsAreDemandedAndThereAreNone) {
  EXPECT_TRUE(Spec::given({kRows, held(kAlice, {"A-2", "B-2"})})
                  .when(hold(kBob, 3, at(10s), true))
                  .refuses(I::Insufficient{3, 5, 2, at(300s)}));
}

TEST(InventoryHold, DoesNotCallTheEndOfOneRowAndTheStartOfTheNextAdjacent) {
  EXPECT_TRUE(Spec::given({kRows, held(kAlice, {"A-1", "A-2", "B-2"})})
                  .when(hold(kBob, 3, at(0s), true))
                  .refuses(I::Insufficient{3, 4, 3, at(300s)}));
}

TEST(InventoryHold, PrefersUntouchedSeatsToThoseOfExpiredHolds) {
  EXPECT_TRUE(Spec::given({kRows, held(kAlice, {"A-1", "A-2", "A-3"})})
                  .when(hold(kBob, 2, at(300s)))
                  .then({held(kBob, {"B-1", "B-2"}, at(300s))}));
}

TEST(InventoryHold, TakesSeatsOfExpiredHoldsToKeepAPartyTogether) {
  const auto first = held(kAlice, {"A-2"});
  EXPECT_TRUE(Spec::given({kRows, first})
                  .when(hold(kBob, 4, at(300s), true))
                  .then({released(first, Place::held, Cause::expired, at(300s)),
                         held(kBob, {"A-1", "A-2", "A-3", "A-4"}, at(300s))}));
}

TEST(InventoryHold, MixesNamedAndChosenSeats) {
  const I::Hold mixed{kAlice, {"A-1"}, {{2, true}, {1, false}}, at(0s), at(300s)};
  EXPECT_TRUE(Spec::given({kRows}).when(mixed).then({held(kAlice, {"A-1", "A-2", "A-3", "A-4"})}));
}

TEST(InventoryExtend, MovesTheExpiry) {
  EXPECT_TRUE(Spec::given({kFloor, held(kAlice, 1)})
                  .when(I::Extend{kAlice, at(420s)})
                  .then({I::Extended{kAlice, at(420s)}}));
  EXPECT_TRUE(Spec::given({kFloor, held(kAlice, 5), I::Extended{kAlice, at(420s)}})
                  .when(hold(kBob, 1, at(300s)))
                  .refuses(I::Insufficient{1, 0, 5, at(420s)}));
}

TEST(InventoryExtend, NeverShortens) {
  EXPECT_TRUE(Spec::given({kFloor, held(kAlice, 1)}).when(I::Extend{kAlice, at(200s)}).then({}));
}

TEST(InventoryExtend, NeedsAHold) {
  const auto sold = held(kAlice, 1);
  EXPECT_TRUE(Spec::given({kFloor}).when(I::Extend{kAlice, at(420s)}).refuses(I::HoldGone{}));
  EXPECT_TRUE(Spec::given({kFloor, sold, confirmed(sold, at(1s))})
                  .when(I::Extend{kAlice, at(420s)})
                  .refuses(I::HoldGone{}));
}

TEST(InventoryConfirm, SellsWhatIsHeld) {
  const auto first = held(kAlice, {"A-1"});
  EXPECT_TRUE(Spec::given({kRows, first})
                  .when(I::Confirm{kAlice, {"A-1"}, 1, at(10s)})
                  .then({confirmed(first, at(10s))}));
}

TEST(InventoryConfirm, RepeatedChangesNothing) {
  const auto first = held(kAlice, {"A-1"});
  EXPECT_TRUE(Spec::given({kRows, first, confirmed(first, at(10s))})
                  .when(I::Confirm{kAlice, {"A-1"}, 1, at(20s)})
                  .then({}));
}

TEST(InventoryConfirm, SellsAnExpiredHoldThatNobodyElseTook) {
  const auto first = held(kAlice, 2);
  EXPECT_TRUE(Spec::given({kFloor, first})
                  .when(I::Confirm{kAlice, {}, 2, at(900s)})
                  .then({confirmed(first, at(900s))}));
}

TEST(InventoryConfirm, TakesTheSameSeatsAgainWhenTheyAreFree) {
  const auto first = held(kAlice, {"A-1", "A-2"});
  const I::Held again{kAlice, {"A-1", "A-2"}, 2, at(400s), at(400s)};
  EXPECT_TRUE(Spec::given({kRows, first, released(first, Place::held, Cause::expired, at(300s))})
                  .when(I::Confirm{kAlice, {"A-1", "A-2"}, 2, at(400s)})
                  .then({again, confirmed(again, at(400s))}));
}

TEST(InventoryConfirm, TakesAsManyPlacesAgainWhenTheyAreFree) {
  const I::Held again{kAlice, {}, 2, at(400s), at(400s)};
  EXPECT_TRUE(Spec::given({kFloor, held(kBob, 3)})
                  .when(I::Confirm{kAlice, {}, 2, at(400s)})
                  .then({again, confirmed(again, at(400s))}));
}

TEST(InventoryConfirm, IsTooLateWhenSomebodyElseHasOneOfTheSeats) {
  const auto first = held(kAlice, {"A-1", "A-2"});
  EXPECT_TRUE(Spec::given({kRows, first, released(first, Place::held, Cause::expired, at(300s)),
                           held(kBob, {"A-2"}, at(310s))})
                  .when(I::Confirm{kAlice, {"A-1", "A-2"}, 2, at(400s)})
                  .refuses(I::HoldGone{}));
}

TEST(InventoryRelease, FreesWhatIsHeld) {
  const auto first = held(kAlice, 2);
  EXPECT_TRUE(Spec::given({kFloor, first})
                  .when(I::Release{kAlice, Cause::cancelled, at(10s)})
                  .then({released(first, Place::held, Cause::cancelled, at(10s))}));
}

TEST(InventoryRelease, FreesWhatIsSoldAfterARefund) {
  const auto first = held(kAlice, {"A-1"});
  const std::vector<I::Event> past{kRows, first, confirmed(first, at(10s)),
                                   released(first, Place::sold, Cause::refunded, at(20s))};
  EXPECT_TRUE(Spec::given({kRows, first, confirmed(first, at(10s))})
                  .when(I::Release{kAlice, Cause::refunded, at(20s)})
                  .then({past.back()}));
  EXPECT_TRUE(
      Spec::given(past).when(hold(kBob, {"A-1"}, at(30s))).then({held(kBob, {"A-1"}, at(30s))}));
}

TEST(InventoryRelease, NeverTakesASoldSeatAwayBecauseOfATimer) {
  const auto first = held(kAlice, {"A-1"});
  EXPECT_TRUE(Spec::given({kRows, first, confirmed(first, at(10s))})
                  .when(I::Release{kAlice, Cause::expired, at(300s)})
                  .then({}));
}

TEST(InventoryRelease, OfNothingIsNoError) {
  EXPECT_TRUE(Spec::given({kFloor}).when(I::Release{kAlice, Cause::failed, at(0s)}).then({}));
  EXPECT_TRUE(Spec::given({}).when(I::Release{kAlice, Cause::failed, at(0s)}).then({}));
}

TEST(InventoryRelease, TwiceFreesOnce) {
  const auto first = held(kAlice, 2);
  EXPECT_TRUE(Spec::given({kFloor, first, released(first, Place::held, Cause::expired, at(300s))})
                  .when(I::Release{kAlice, Cause::cancelled, at(301s)})
                  .then({}));
}

}  // namespace
}  // namespace gantry::events
