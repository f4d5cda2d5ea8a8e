// Decisions made ahead of the commit: a unit names the event it was decided on, before that event
// has a row (ADR-0008).
#include "tests/contract/log/fixture.hpp"

namespace gantry::log::test {
namespace {

StreamAppend on_top_of(std::string stream, int64_t expected, const Uuid& tip, int events = 1) {
  StreamAppend append = to(std::move(stream), expected, events);
  append.tip = tip;
  return append;
}
// `later` was decided on the events of `earlier`, before these were committed.
void rests(Unit& later, Unit& earlier) {
  if (!earlier.fate) earlier.fate = std::make_shared<Fate>();
  later.rests_on.push_back(earlier.fate);
}
Uuid event_of(int n, int ordinal = 0) { return uuid5(command(n), std::to_string(ordinal)); }

class Tip : public LogContract {};
GANTRY_LOG_CONTRACT(Tip);

TEST_P(Tip, OfAStoredEventIsAccepted) {
  open();
  log().append_wait(unit(1, {to("cart-1", kAbsent, 2)}));
  EXPECT_EQ(log().append_wait(unit(2, {on_top_of("cart-1", 2, event_of(1, 1))})).code, Code::kOk);
}

TEST_P(Tip, OfAnEventThatIsInTheSameGroupIsAccepted) {
  open();
  Outcomes outcomes(3);
  {
    HeldWriter held(log());
    log().append(unit(1, {to("cart-1", kAbsent)}), outcomes.slot(0));
    log().append(unit(2, {on_top_of("cart-1", 1, event_of(1))}), outcomes.slot(1));
    log().append(unit(3, {on_top_of("cart-1", 2, event_of(2))}), outcomes.slot(2));
  }
  for (const Outcome& outcome : outcomes.wait()) EXPECT_EQ(outcome.code, Code::kOk);
  EXPECT_EQ(log().stream_version("cart-1"), 3);
}

TEST_P(Tip, OfAnotherEventAtThatVersionIsAConflict) {
  open();
  log().append_wait(unit(1, {to("cart-1", kAbsent)}));
  const Outcome outcome = log().append_wait(unit(2, {on_top_of("cart-1", 1, event_of(7))}));
  EXPECT_EQ(outcome.code, Code::kConflict);
  EXPECT_EQ(outcome.stream, "cart-1");
  EXPECT_EQ(outcome.actual, 1);
  EXPECT_EQ(log().head(), 1);
}

// Without the tip the third unit would be taken: the version it expects is there, but not the
// event.
TEST_P(Tip, FailsWhatWasDecidedOnARefusedUnit) {
  open();
  log().append_wait(unit(1, {to("cart-1", kAbsent)}));
  Outcomes outcomes(3);
  {
    HeldWriter held(log());
    log().append(unit(2, {to("cart-1", 1)}), outcomes.slot(0));  // somebody else is faster
    log().append(unit(3, {on_top_of("cart-1", 1, event_of(1))}), outcomes.slot(1));
    log().append(unit(4, {on_top_of("cart-1", 2, event_of(3))}), outcomes.slot(2));
  }
  const auto all = outcomes.wait();
  EXPECT_EQ(all[0].code, Code::kOk);
  EXPECT_EQ(all[1].code, Code::kConflict);
  EXPECT_EQ(all[2].code, Code::kConflict);
  EXPECT_EQ(log().stream_version("cart-1"), 2);
}

// A command comes to two servers with two contents; theirs is stored. What was decided on ours
// here, before it was refused, names an id that is there.
class TipOfTwoContents : public Tip {
 protected:
  void have_theirs_stored(const Limits& limits = {}) {
    open(limits);
    log().append_wait(unit(1, {to("cart-1", kAbsent)}));
    log().append_wait(unit(2, {to("cart-1", 1)}));
  }
  static Unit ours() {
    Unit unit = test::unit(2, {to("cart-1", 1)});
    unit.appends[0].events[0].data = R"({"ours": true})";
    return unit;
  }
  // Our unit, and one that was decided on it, come to the log together.
  std::vector<Outcome> decide_on(Unit ours) {
    Unit next = unit(3, {on_top_of("cart-1", 2, event_of(2))});
    rests(next, ours);
    return append_together({std::move(ours), std::move(next)});
  }
  std::vector<Outcome> append_together(std::vector<Unit> units) {
    Outcomes outcomes(units.size());
    {
      HeldWriter held(log());
      for (size_t i = 0; i < units.size(); ++i) log().append(std::move(units[i]), outcomes.slot(i));
    }
    return outcomes.wait();
  }
  static Limits one_at_a_time() {
    Limits limits;
    limits.append_batch_max = 1;
    return limits;
  }
};
GANTRY_LOG_CONTRACT(TipOfTwoContents);

TEST_P(TipOfTwoContents, IsNotTheEventThatWasDecidedOn) {
  have_theirs_stored();
  const auto outcomes = decide_on(ours());
  EXPECT_EQ(outcomes[0].code, Code::kInvalid);
  EXPECT_EQ(outcomes[1].code, Code::kConflict);
  EXPECT_EQ(log().stream_version("cart-1"), 2);
}

TEST_P(TipOfTwoContents, IsNotItInTheNextGroupEither) {
  have_theirs_stored(one_at_a_time());
  EXPECT_EQ(decide_on(ours())[1].code, Code::kConflict);
}

TEST_P(TipOfTwoContents, IsNotItHoweverLateTheUnitComes) {
  have_theirs_stored();
  Unit lost = ours(), late = unit(3, {on_top_of("cart-1", 2, event_of(2))});
  rests(late, lost);
  log().append_wait(lost);
  log().append_wait(unit(9, {to("cart-9", kAbsent)}));  // the writer is done with their group
  EXPECT_EQ(log().append_wait(late).code, Code::kConflict);
}

TEST_P(TipOfTwoContents, IsAcceptedFromWhoeverKnowsTheirs) {
  have_theirs_stored();
  decide_on(ours());
  EXPECT_EQ(log().append_wait(unit(4, {on_top_of("cart-1", 2, event_of(2))})).code, Code::kOk);
}

// Ours is refused for its version while theirs is not there yet; then theirs comes, on top of what
// ours was not decided on.
TEST_P(TipOfTwoContents, IsNotItWhereTheirsComesAfterOursWasRefused) {
  for (const bool together : {true, false}) {
    SCOPED_TRACE(together ? "in one group" : "each in its own");
    open(together ? Limits() : one_at_a_time());
    const std::string cart = together ? "cart-1" : "cart-2";
    const int n = together ? 10 : 20;
    log().append_wait(unit(n, {to(cart, kAbsent)}));
    Unit lost = unit(n + 2, {on_top_of(cart, 2, event_of(n + 1))}),
         late = unit(n + 3, {on_top_of(cart, 3, event_of(n + 2))});
    rests(late, lost);
    const auto outcomes =
        append_together({lost, unit(n + 4, {to(cart, 1)}), unit(n + 2, {to(cart, 2)}), late});
    EXPECT_EQ(outcomes[0].code, Code::kConflict);
    EXPECT_EQ(outcomes[1].code, Code::kOk);
    EXPECT_EQ(outcomes[2].code, Code::kOk);
    EXPECT_EQ(outcomes[3].code, Code::kConflict);
    EXPECT_EQ(log().stream_version(cart), 3);
  }
}

// It was committed before: what stands below its event need not be what it was decided on now.
TEST_P(TipOfTwoContents, IsNotThatOfARepeat) {
  have_theirs_stored();
  const auto outcomes = decide_on(unit(2, {to("cart-1", 1)}));
  EXPECT_TRUE(outcomes[0].committed.repeated);
  EXPECT_EQ(outcomes[1].code, Code::kConflict);
}

TEST_P(TipOfTwoContents, IsThatOfAUnitThatCameAbout) {
  open();
  log().append_wait(unit(1, {to("cart-1", kAbsent)}));
  EXPECT_EQ(decide_on(ours())[1].code, Code::kOk);
  EXPECT_EQ(log().stream_version("cart-1"), 3);
}

TEST_P(TipOfTwoContents, IsNotThatOfAUnitTheQueueRefused) {
  have_theirs_stored();
  Unit lost = unit(5, {to("not\na name", kAny)}), late = unit(3, {to("cart-1", 2)});
  rests(late, lost);
  EXPECT_EQ(log().append_wait(lost).code, Code::kInvalid);
  EXPECT_EQ(log().append_wait(late).code, Code::kConflict);
}

TEST_P(TipOfTwoContents, IsNotItWhereTheirsHasAnsweredUnderTheKeyOfBoth) {
  const auto with_answer = [this](Unit unit) {
    unit.answer.emplace();
    unit.answer->scope = unit.answer->fingerprint = std::string(32, '\x01');
    unit.answer->command = unit.command;
    unit.answer->status = 201;
    unit.answer->expires_at = clock_.now() + std::chrono::hours(24);
    return unit;
  };
  open();
  log().append_wait(unit(1, {to("cart-1", kAbsent)}));
  log().append_wait(with_answer(unit(2, {to("cart-1", 1)})));
  for (const Outcome& outcome : decide_on(with_answer(ours())))
    EXPECT_EQ(outcome.code, Code::kConflict);
  EXPECT_EQ(log().stream_version("cart-1"), 2);
}

TEST_P(Tip, IsCheckedWithoutEventsToo) {
  open();
  log().append_wait(unit(1, {to("cart-1", kAbsent)}));
  EXPECT_EQ(log().append_wait(unit(2, {on_top_of("cart-1", 1, event_of(1), 0)})).code, Code::kOk);
  EXPECT_EQ(log().append_wait(unit(3, {on_top_of("cart-1", 1, event_of(3), 0)})).code,
            Code::kConflict);
}

TEST_P(Tip, StillHoldsAfterReopening) {
  open();
  log().append_wait(unit(1, {to("cart-1", kAbsent, 3)}));
  open();
  EXPECT_EQ(log().append_wait(unit(2, {on_top_of("cart-1", 3, event_of(1, 2))})).code, Code::kOk);
}

}  // namespace
}  // namespace gantry::log::test
