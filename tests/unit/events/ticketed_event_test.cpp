#include "ticketed_event.hpp"

#include "fixtures.hpp"
#include "gantry/testkit/spec.hpp"

namespace gantry::events {
namespace {

using T = TicketedEvent;
using Spec = testkit::Spec<TicketedEvent>;

const Actor kOwner{"owner", false}, kStranger{"stranger", false}, kAdmin{"somebody", true};
const T::Created kCreated{kAlice, "owner", concert(), at(0s)};
const T::Published kPublished{at(1s)};
const T::SalesOpened kOpened{at(2s)};
const T::SalesClosed kClosed{at(3s)};

TEST(EventCreate, KeepsEverythingInOneFact) {
  EXPECT_TRUE(Spec::given({}).when(T::Create{kAlice, "owner", concert(), at(0s)}).then({kCreated}));
}

TEST(EventCreate, TellsAllFaultsAtOnce) {
  Details details = concert();
  details.ends_at = at(1h);
  details.currency = Currency("QQQ");
  details.price_tiers = {};
  EXPECT_TRUE(Spec::given({})
                  .when(T::Create{kAlice, "owner", details, at(0s)})
                  .refuses(T::Invalid{
                      {{"/ends_at", "BEFORE_START", ""}, {"/currency", "UNKNOWN_CURRENCY", ""}}}));
}

TEST(EventCreate, HappensOnce) {
  EXPECT_TRUE(Spec::given({kCreated})
                  .when(T::Create{kAlice, "owner", concert(), at(5s)})
                  .refuses(T::AlreadyExists{}));
}

TEST(EventPublish, MakesADraftPublic) {
  EXPECT_TRUE(Spec::given({kCreated}).when(T::Publish{kOwner, at(1s)}).then({kPublished}));
  EXPECT_TRUE(Spec::given({kCreated}).when(T::Publish{kAdmin, at(1s)}).then({kPublished}));
}

TEST(EventPublish, IsForTheOwner) {
  EXPECT_TRUE(
      Spec::given({kCreated}).when(T::Publish{kStranger, at(1s)}).refuses(T::NotTheOwner{}));
  EXPECT_TRUE(Spec::given({}).when(T::Publish{kStranger, at(1s)}).refuses(T::NotFound{}));
}

TEST(EventPublish, HappensOnce) {
  EXPECT_TRUE(Spec::given({kCreated, kPublished})
                  .when(T::Publish{kOwner, at(2s)})
                  .refuses(T::WrongState{Status::published, "publish"}));
}

TEST(EventSales, OpenAfterPublishingOnly) {
  EXPECT_TRUE(Spec::given({kCreated})
                  .when(T::OpenSales{kOwner, at(2s)})
                  .refuses(T::WrongState{Status::draft, "sales/open"}));
  EXPECT_TRUE(
      Spec::given({kCreated, kPublished}).when(T::OpenSales{kOwner, at(2s)}).then({kOpened}));
}

TEST(EventSales, CloseAndReopen) {
  EXPECT_TRUE(Spec::given({kCreated, kPublished, kOpened})
                  .when(T::CloseSales{kOwner, at(3s)})
                  .then({kClosed}));
  EXPECT_TRUE(Spec::given({kCreated, kPublished, kOpened, kClosed})
                  .when(T::OpenSales{kOwner, at(4s)})
                  .then({T::SalesOpened{at(4s)}}));
}

TEST(EventSales, CloseOnlyWhenOpen) {
  EXPECT_TRUE(Spec::given({kCreated, kPublished})
                  .when(T::CloseSales{kOwner, at(3s)})
                  .refuses(T::WrongState{Status::published, "sales/close"}));
}

TEST(EventSale, IsAllowedWhileOpenAndBeforeTheStart) {
  const auto state = Spec::given({kCreated, kPublished, kOpened}).state();
  EXPECT_EQ(refuses_sale(state, 8, at(240h) - 1us), std::nullopt);
  EXPECT_EQ(refuses_sale(state, 8, at(240h)), SaleRefusal::not_open);
}

TEST(EventSale, IsRefusedBeforeOpeningAndAfterClosing) {
  EXPECT_EQ(refuses_sale({}, 1, at(1h)), SaleRefusal::not_found);
  EXPECT_EQ(refuses_sale(Spec::given({kCreated}).state(), 1, at(1h)), SaleRefusal::not_open);
  EXPECT_EQ(refuses_sale(Spec::given({kCreated, kPublished, kOpened, kClosed}).state(), 1, at(1h)),
            SaleRefusal::not_open);
}

TEST(EventSale, IsLimitedPerReservation) {
  const auto state = Spec::given({kCreated, kPublished, kOpened}).state();
  EXPECT_EQ(refuses_sale(state, 9, at(1h)), SaleRefusal::too_many);
}

}  // namespace
}  // namespace gantry::events
