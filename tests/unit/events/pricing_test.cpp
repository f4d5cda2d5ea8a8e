#include "pricing.hpp"

#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace gantry::events {
namespace {

Price price(std::string tier, int64_t amount) {
  return {std::move(tier), {amount, Currency("EUR")}};
}

TEST(Pricing, TakesTheFirstTierOfTheSectionWhoseWindowContainsNow) {
  EXPECT_EQ(price_of(concert(), "Floor", at(0s)), price("early", 1000));
  EXPECT_EQ(price_of(concert(), "Balcony", at(0s)), price("seat", 2500));
}

TEST(Pricing, ClosesAWindowAtItsEndAndOpensItAtItsStart) {
  Details details = concert();
  EXPECT_EQ(price_of(details, "Floor", at(24h) - 1us), price("early", 1000));
  EXPECT_EQ(price_of(details, "Floor", at(24h)), price("regular", 1500));
  details.price_tiers[0].available_from = at(1h);
  EXPECT_EQ(price_of(details, "Floor", at(1h) - 1us), price("regular", 1500));
  EXPECT_EQ(price_of(details, "Floor", at(1h)), price("early", 1000));
}

TEST(Pricing, HasNoPriceWithoutATier) {
  Details details = concert();
  details.price_tiers.erase(details.price_tiers.begin() + 1);
  EXPECT_EQ(price_of(details, "Floor", at(24h)), std::nullopt);
  EXPECT_EQ(price_of(details, "Roof", at(0s)), std::nullopt);
}

TEST(Pricing, FollowsTheTimeLeftWhenTheEventSaysSo) {
  Details details = concert();
  details.price_tiers = {{"seat", "Balcony", {2505, Currency("EUR")}, {}, {}}};
  EXPECT_EQ(price_of(details, "Balcony", details.starts_at - 1h), price("seat", 2505));
  details.policies.time_based_pricing = true;
  EXPECT_EQ(price_of(details, "Balcony", details.starts_at - 24h * 30), price("seat", 2004));
  EXPECT_EQ(price_of(details, "Balcony", details.starts_at - 24h * 30 + 1us), price("seat", 2505));
  EXPECT_EQ(price_of(details, "Balcony", details.starts_at - 24h * 7), price("seat", 2505));
  EXPECT_EQ(price_of(details, "Balcony", details.starts_at - 24h * 7 + 1us), price("seat", 2756));
}

TEST(Pricing, LeavesTiersWithAWindowOfTheirOwnAlone) {
  Details details = concert();
  details.policies.time_based_pricing = true;
  details.price_tiers[0].available_until = details.starts_at;
  EXPECT_EQ(price_of(details, "Floor", details.starts_at - 1h), price("early", 1000));
}

}  // namespace
}  // namespace gantry::events
