#include "seating.hpp"

#include <gtest/gtest.h>

namespace gantry::events {
namespace {

TEST(Seating, LabelsSeatsByRowAndNumberFromOne) {
  const Seating seating({{"A", 2}, {"Box-1", 3}});
  EXPECT_EQ(seating.count(), 5u);
  EXPECT_EQ(seating.label(0), "A-1");
  EXPECT_EQ(seating.label(2), "Box-1-1");
  EXPECT_EQ(seating.label(4), "Box-1-3");
}

TEST(Seating, FindsEverySeatThatItLabels) {
  const Seating seating({{"A", 12}, {"A-1", 7}, {"", 3}});
  for (uint32_t seat = 0; seat < seating.count(); ++seat)
    EXPECT_EQ(seating.find(seating.label(seat)), seat);
}

TEST(Seating, FindsNothingElse) {
  const Seating seating({{"A", 2}});
  for (const auto* label :
       {"A-0", "A-3", "A-01", "A-", "A", "B-1", "a-1", "A-1 ", "A--1", "A-99999999999"})
    EXPECT_EQ(seating.find(label), std::nullopt) << label;
}

}  // namespace
}  // namespace gantry::events
