// Spec<A>: tests of an aggregate's pure functions as sentences (GoogleTest).
//
//   EXPECT_TRUE(Spec<Inventory>::given({opened}).when(Hold{alice, …}).then({Held{alice, …}}));
//   EXPECT_TRUE(Spec<Inventory>::given({opened, held}).when(Hold{bob, …}).refuses(SeatTaken{…}));
#pragma once
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gantry/result.hpp"

namespace gantry::testkit {

// A's events (and, for refuses(), its rejections) have operator==. A::encode(), when there is one,
// makes failures readable.
template <class A>
class Spec {
 public:
  using Event = typename A::Event;
  using State = typename A::State;
  using Outcome = Result<std::vector<Event>, typename A::Rejection>;

  static Spec given(const std::vector<Event>& past) {
    Spec spec;
    for (const Event& event : past) A::evolve(spec.state_, event);
    return spec;
  }

  Spec& when(const typename A::Command& command) {
    outcome_.emplace(A::decide(state_, command));
    return *this;
  }

  // Exactly these events, in this order.
  testing::AssertionResult then(const std::vector<Event>& expected) const {
    if (!outcome_->ok())
      return testing::AssertionFailure() << "refused" << told(outcome_->reason());
    if (outcome_->value() == expected) return testing::AssertionSuccess();
    return testing::AssertionFailure()
           << "decided " << text(outcome_->value()) << "\nexpected " << text(expected);
  }
  testing::AssertionResult refuses(const typename A::Rejection& reason) const {
    if (outcome_->ok())
      return testing::AssertionFailure() << "not refused: " << text(outcome_->value());
    if (outcome_->reason() == reason) return testing::AssertionSuccess();
    return testing::AssertionFailure()
           << "refused for another reason" << told(outcome_->reason()) << ", not" << told(reason);
  }

  const Outcome& outcome() const { return *outcome_; }
  // State before the command, or with the decided events applied.
  const State& state() const { return state_; }
  State state_after() const {
    State after = state_;
    for (const Event& event : outcome_->value()) A::evolve(after, event);
    return after;
  }

 private:
  static std::string text(const std::vector<Event>& events) {
    std::string out = "[";
    for (const Event& event : events) {
      if constexpr (requires { A::encode(event); }) {
        const auto encoded = A::encode(event);
        out += "\n  " + encoded.type + " " + encoded.data;
      } else {
        out += testing::PrintToString(event);
      }
    }
    return out + "]";
  }
  static std::string told(const typename A::Rejection& reason) {
    return " (" + testing::PrintToString(reason) + ")";
  }

  State state_{};
  std::optional<Outcome> outcome_;
};

}  // namespace gantry::testkit
