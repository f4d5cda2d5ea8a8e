// Random commands, seeded: after each one the books must balance.
#include <gtest/gtest.h>

#include <random>

#include "fixtures.hpp"
#include "inventory.hpp"

namespace gantry::events {
namespace {

using I = Inventory;

// What must be true of a section, counted seat by seat and claim by claim.
testing::AssertionResult balances(const I::State& state) {
  uint64_t held = 0, sold = 0, seats = 0;
  for (const auto& [by, claim] : state.claims) {
    (claim.place == I::Place::held ? held : sold) += claim.quantity;
    seats += claim.seats.size();
    for (const uint32_t seat : claim.seats) {
      if (state.owners[seat] != by) return testing::AssertionFailure() << "two owners of a seat";
    }
    const bool listed = state.expiries.contains({claim.until, by});
    if (listed != (claim.place == I::Place::held))
      return testing::AssertionFailure() << "the expiries do not list exactly the holds";
  }
  uint64_t owned = 0, free_by_row = 0;
  for (const Uuid& owner : state.owners) owned += !owner.is_nil();
  for (const uint32_t free : state.free_seats) free_by_row += free;
  if (held != state.held || sold != state.sold)
    return testing::AssertionFailure() << "counters differ from claims";
  if (held + sold > state.capacity) return testing::AssertionFailure() << "oversold";
  if (state.kind == SectionKind::numbered &&
      (seats != held + sold || owned != seats || free_by_row != state.capacity - owned))
    return testing::AssertionFailure() << "counters differ from seats";
  return testing::AssertionSuccess();
}

class RandomCommands {
 public:
  explicit RandomCommands(uint32_t seed, bool numbered) : random_(seed), numbered_(numbered) {}

  I::Command next(Instant now) {
    const Uuid by = id_of(static_cast<uint8_t>(1 + pick(24)));
    switch (pick(8)) {
      case 0:
        return I::Extend{by, now + std::chrono::seconds(pick(200))};
      case 1:
      case 2: {
        std::vector<std::string> seats;
        if (numbered_) seats.push_back(seat());
        return I::Confirm{by, seats, static_cast<uint32_t>(1 + pick(3)), now};
      }
      case 3:
      case 4:
        return I::Release{by, static_cast<I::Cause>(pick(4)), now};
      default:
        return hold(by, now);
    }
  }
  uint32_t pick(uint32_t below) { return static_cast<uint32_t>(random_() % below); }

 private:
  I::Hold hold(const Uuid& by, Instant now) {
    I::Hold hold{by, {}, {}, now, now + std::chrono::seconds(1 + pick(100))};
    for (uint32_t n = pick(3); numbered_ && n > 0; --n) hold.seats.push_back(seat());
    if (hold.seats.empty() || pick(3) == 0) hold.picks.push_back({1 + pick(4), pick(2) == 0});
    return hold;
  }
  std::string seat() { return join("ABC"[pick(3)], '-', 1 + pick(6)); }

  std::mt19937 random_;
  bool numbered_;
};

void run_sequence(uint32_t seed) {
  const bool numbered = seed % 2 == 0;
  RandomCommands commands(seed, numbered);
  I::State state;
  if (numbered)
    I::evolve(state, I::Opened{SectionKind::numbered, 15, {{"A", 6}, {"B", 4}, {"C", 5}}});
  else
    I::evolve(state, I::Opened{SectionKind::general_admission, 15, {}});
  Instant now = kNoon;
  for (int step = 0; step < 40; ++step) {
    now = now + std::chrono::seconds(commands.pick(20));
    const auto decided = I::decide(state, commands.next(now));
    if (!decided) continue;
    for (const I::Event& event : *decided) {
      I::evolve(state, event);
      ASSERT_TRUE(balances(state)) << "seed " << seed << ", step " << step;
    }
  }
}

TEST(InventoryAlways, KeepsItsBooksInTwentyThousandRandomHistories) {
  for (uint32_t seed = 0; seed < 20'000; ++seed) {
    run_sequence(seed);
    if (HasFatalFailure()) return;
  }
}

TEST(InventoryAlways, CostsWhatItChangesInALargeSection) {
  std::vector<SeatRow> rows;
  for (int i = 0; i < 1000; ++i) rows.push_back({join("R", i), 100});
  I::State state;
  I::evolve(state, I::Opened{SectionKind::numbered, 100'000, rows});
  for (uint32_t i = 0; i < 25'000; ++i) {
    std::array<uint8_t, 16> bytes{};
    std::memcpy(&bytes[8], &i, sizeof i);  // where hash<Uuid> looks
    bytes[0] = 2;
    const auto decided =
        I::decide(state, I::Hold{Uuid(bytes), {}, {{4, true}}, kNoon, kNoon + 300s});
    ASSERT_TRUE(decided.ok());
    for (const I::Event& event : *decided) I::evolve(state, event);
  }
  EXPECT_EQ(state.held, 100'000u);
  const auto late = I::decide(state, I::Hold{kAlice, {}, {{1, false}}, kNoon, kNoon + 300s});
  EXPECT_FALSE(late.ok());
}

}  // namespace
}  // namespace gantry::events
