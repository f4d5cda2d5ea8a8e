// A section that comes back from its snapshot is the section that was kept.
#include <gtest/gtest.h>

#include "fixtures.hpp"
#include "inventory.hpp"
#include "json_table.hpp"

namespace gantry::events {
namespace {

using I = Inventory;

I::State from_snapshot(const I::State& state) {
  static const gantry_json json = testing_json::table();
  const JsonDocument document(json, I::encode_state(state));
  return I::decode_state(document.root());
}

void expect_same(const I::State& a, const I::State& b) {
  EXPECT_EQ(a.open, b.open);
  EXPECT_EQ(a.kind, b.kind);
  EXPECT_EQ(a.capacity, b.capacity);
  EXPECT_EQ(a.held, b.held);
  EXPECT_EQ(a.sold, b.sold);
  EXPECT_EQ(a.expiries, b.expiries);
  EXPECT_EQ(a.rows, b.rows);
  EXPECT_EQ(a.owners, b.owners);
  EXPECT_EQ(a.free_seats, b.free_seats);
  ASSERT_EQ(a.claims.size(), b.claims.size());
  for (const auto& [by, claim] : a.claims) {
    const I::Claim* other = b.claim(by);
    ASSERT_NE(other, nullptr);
    EXPECT_EQ(claim.place, other->place);
    EXPECT_EQ(claim.quantity, other->quantity);
    EXPECT_EQ(claim.seats, other->seats);
    EXPECT_EQ(claim.until, other->until);
  }
}

I::State state_of(const std::vector<I::Event>& events) {
  I::State state;
  for (const I::Event& event : events) I::evolve(state, event);
  return state;
}

TEST(InventorySnapshot, KeepsNumberedSeatsHeldAndSold) {
  const auto state = state_of({I::Opened{SectionKind::numbered, 5, {{"A", 3}, {"B", 2}}},
                               I::Held{kAlice, {"A-1", "B-2"}, 2, at(0s), at(300s)},
                               I::Held{kBob, {"A-3"}, 1, at(0s), at(301s)},
                               I::Confirmed{kAlice, {"A-1", "B-2"}, 2, at(10s)}});
  expect_same(from_snapshot(state), state);
  EXPECT_EQ(from_snapshot(state).seating.label(4), "B-2");
}

TEST(InventorySnapshot, KeepsGeneralAdmission) {
  expect_same(from_snapshot(state_of({I::Opened{SectionKind::general_admission, 100, {}},
                                      I::Held{kAlice, {}, 7, at(0s), at(300s)}})),
              state_of({I::Opened{SectionKind::general_admission, 100, {}},
                        I::Held{kAlice, {}, 7, at(0s), at(300s)}}));
}

TEST(InventorySnapshot, OfASectionThatIsNotOpenIsEmpty) { expect_same(from_snapshot({}), {}); }

}  // namespace
}  // namespace gantry::events
