#include "details.hpp"

#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace gantry::events {
namespace {

// "pointer CODE" of every fault.
std::vector<std::string> faults(const Details& details) {
  std::vector<std::string> out;
  for (const auto& fault : faults_in(details, kNoon))
    out.push_back(fault.pointer + " " + fault.code);
  return out;
}
using Faults = std::vector<std::string>;

TEST(Details, OfAnOrdinaryConcertHaveNoFault) { EXPECT_EQ(faults(concert()), Faults{}); }

TEST(Details, StartInTheFutureAndEndAfterThat) {
  Details details = concert();
  details.starts_at = kNoon;
  details.ends_at = at(-1s);
  EXPECT_EQ(faults(details), (Faults{"/starts_at NOT_IN_FUTURE", "/ends_at BEFORE_START"}));
}

TEST(Details, MayEndWhenTheyStart) {
  Details details = concert();
  details.ends_at = details.starts_at;
  EXPECT_EQ(faults(details), Faults{});
}

TEST(Details, HaveACurrencyThatExistsAndPricesInIt) {
  Details details = concert();
  details.currency = Currency("QQQ");
  EXPECT_EQ(faults(details),
            (Faults{"/currency UNKNOWN_CURRENCY", "/price_tiers/0/price/currency CURRENCY_MISMATCH",
                    "/price_tiers/1/price/currency CURRENCY_MISMATCH",
                    "/price_tiers/2/price/currency CURRENCY_MISMATCH"}));
}

TEST(Details, NameSectionsAndRowsOnce) {
  Details details = concert();
  details.sections.push_back({"Floor", SectionKind::general_admission, 1, {}});
  details.sections[1].rows = {{"A", 3}, {"A", 2}};
  EXPECT_EQ(faults(details),
            (Faults{"/sections/1/rows/1/row NOT_UNIQUE", "/sections/2/name NOT_UNIQUE"}));
}

TEST(Details, HaveRowsExactlyInNumberedSections) {
  Details details = concert();
  details.sections[0].rows = {{"A", 100}};
  details.sections[1].rows = {};
  EXPECT_EQ(faults(details), (Faults{"/sections/0/rows NOT_ALLOWED", "/sections/1/rows REQUIRED"}));
}

TEST(Details, CountTheSeatsOfNumberedSections) {
  Details details = concert();
  details.sections[1].capacity = 6;
  details.sections[0].capacity = 0;
  EXPECT_EQ(faults(details),
            (Faults{"/sections/0/capacity REQUIRED", "/sections/1/capacity CAPACITY_MISMATCH"}));
}

TEST(Details, HoldAtMostAHundredThousandPlaces) {
  Details details = concert();
  details.sections[0].capacity = kPlacesMax - 5;
  EXPECT_EQ(faults(details), Faults{});
  ++details.sections[0].capacity;
  EXPECT_EQ(faults(details), Faults{"/sections TOO_MANY_PLACES"});
}

TEST(Details, PriceOnlySectionsThatExistInWindowsThatOpen) {
  Details details = concert();
  details.price_tiers[0].section = "Roof";
  details.price_tiers[1].available_from = at(10s);
  details.price_tiers[1].available_until = at(10s);
  EXPECT_EQ(faults(details), (Faults{"/price_tiers/0/section UNKNOWN_SECTION",
                                     "/price_tiers/1/available_until BEFORE_START"}));
}

TEST(Details, HaveATitleThatIsNotBlank) {
  Details details = concert();
  details.title = " \t";
  EXPECT_EQ(faults(details), Faults{"/title BLANK"});
}

}  // namespace
}  // namespace gantry::events
