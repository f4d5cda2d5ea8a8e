// Each test keeps books as the provider does: what a decision records is in them for the next call.
#include "plugins/payments_simulator/simulation.hpp"

#include <gtest/gtest.h>

#include <random>

namespace gantry::payments_simulator {
namespace {

using Answer = Decision::Answer;

class Bank {
 public:
  Decision authorize(std::string_view token, int64_t amount = 1000) {
    return keep(payments_simulator::authorize(books, {"p1", amount, "USD", "card", token}));
  }
  Decision capture() { return keep(payments_simulator::capture(books, "p1")); }
  Decision cancel() { return keep(payments_simulator::cancel(books, "p1")); }
  Decision refund(std::string_view key, int64_t amount) {
    return keep(payments_simulator::refund(books, {"p1", key, amount}));
  }
  Decision retrieve(std::string_view key = "p1") const {
    return payments_simulator::retrieve(books, key);
  }
  Books books;

 private:
  Decision keep(Decision decision) {
    if (decision.record) books.entries.push_back(*decision.entry);
    if (decision.count_failure) ++books.failures;
    return decision;
  }
};

Outcome outcome_of(const Decision& decision) { return decision.entry.value().outcome; }

TEST(Authorize, SaysYesToAGoodToken) {
  Bank bank;
  const Decision decision = bank.authorize("tok_ok");
  EXPECT_EQ(decision.answer, Answer::entry);
  EXPECT_EQ(outcome_of(decision), Outcome::authorized);
  EXPECT_EQ(decision.entry->last4, "4242");
}

TEST(Authorize, AnswersARepeatedKeyWithTheFirstOutcomeAndMovesNothing) {
  Bank bank;
  const Decision first = bank.authorize("tok_ok", 1000);
  const Decision again = bank.authorize("tok_declined", 9999);
  EXPECT_FALSE(again.record);
  EXPECT_EQ(again.entry, first.entry);
}

TEST(Authorize, DeclinesWithTheCodeOfTheToken) {
  Bank bank;
  const Decision decision = bank.authorize("tok_insufficient_funds");
  EXPECT_EQ(outcome_of(decision), Outcome::declined);
  EXPECT_EQ(decision.entry->decline_code, "INSUFFICIENT_FUNDS");
}

TEST(Authorize, DeclinesATokenItDoesNotKnow) {
  Bank bank;
  const Decision decision = bank.authorize("pm_card_visa");
  EXPECT_EQ(outcome_of(decision), Outcome::declined);
  EXPECT_EQ(decision.entry->decline_code, "CARD_DECLINED");
}

TEST(Authorize, TimeoutAfterChargeGivesNoAnswerButHasHappened) {
  Bank bank;
  EXPECT_EQ(bank.authorize("tok_timeout_after_charge").answer, Answer::no_answer);
  EXPECT_EQ(outcome_of(bank.retrieve()), Outcome::authorized);
  EXPECT_EQ(outcome_of(bank.authorize("tok_timeout_after_charge")), Outcome::authorized);
  EXPECT_EQ(bank.books.entries.size(), 1u);
}

TEST(Authorize, TimeoutBeforeChargeGivesNoAnswerAndHasNotHappened) {
  Bank bank;
  EXPECT_EQ(bank.authorize("tok_timeout_before_charge").answer, Answer::no_answer);
  EXPECT_EQ(bank.retrieve().answer, Answer::absent);
}

TEST(Authorize, FlakyIsUnavailableThatOftenAndThenOk) {
  Bank bank;
  EXPECT_EQ(bank.authorize("tok_flaky_2").answer, Answer::unavailable);
  EXPECT_EQ(bank.authorize("tok_flaky_2").answer, Answer::unavailable);
  EXPECT_EQ(outcome_of(bank.authorize("tok_flaky_2")), Outcome::authorized);
}

TEST(Authorize, SlowSaysHowLongItTakes) {
  Bank bank;
  EXPECT_EQ(bank.authorize("tok_slow_300").delay_ms, 300u);
}

TEST(Authorize, KeepsNoCardDigitsOfOtherMethods) {
  const Decision decision = authorize(Books{}, {"p1", 1000, "USD", "paypal", "tok_ok"});
  EXPECT_EQ(decision.entry->brand, "");
  EXPECT_EQ(decision.entry->last4, "");
}

TEST(Capture, TakesWhatWasAuthorisedOnce) {
  Bank bank;
  bank.authorize("tok_ok", 1000);
  const Decision first = bank.capture();
  EXPECT_EQ(outcome_of(first), Outcome::captured);
  EXPECT_EQ(first.entry->amount, 1000);
  const Decision again = bank.capture();
  EXPECT_FALSE(again.record);
  EXPECT_EQ(again.entry, first.entry);
}

TEST(Capture, RefusesWhatWasDeclinedCancelledOrNeverHeardOf) {
  Bank declined;
  declined.authorize("tok_declined");
  EXPECT_EQ(outcome_of(declined.capture()), Outcome::declined);
  Bank cancelled;
  cancelled.authorize("tok_ok");
  cancelled.cancel();
  EXPECT_EQ(outcome_of(cancelled.capture()), Outcome::declined);
  EXPECT_EQ(Bank().capture().answer, Answer::absent);
}

TEST(Cancel, GivesAnAuthorisationBackOnce) {
  Bank bank;
  bank.authorize("tok_ok");
  EXPECT_EQ(outcome_of(bank.cancel()), Outcome::voided);
  EXPECT_FALSE(bank.cancel().record);
  EXPECT_EQ(outcome_of(bank.retrieve()), Outcome::voided);
}

TEST(Cancel, CannotUndoACapture) {
  Bank bank;
  bank.authorize("tok_ok");
  bank.capture();
  EXPECT_EQ(outcome_of(bank.cancel()), Outcome::captured);
}

TEST(Refund, SendsPartsBackUntilNothingIsLeft) {
  Bank bank;
  bank.authorize("tok_ok", 1000);
  bank.capture();
  EXPECT_EQ(outcome_of(bank.refund("r1", 400)), Outcome::refunded);
  EXPECT_EQ(outcome_of(bank.refund("r2", 600)), Outcome::refunded);
  EXPECT_EQ(outcome_of(bank.refund("r3", 1)), Outcome::declined);
  EXPECT_EQ(bank.books.refunded(), 1000);
}

TEST(Refund, WithAKeyUsedBeforeMovesNothing) {
  Bank bank;
  bank.authorize("tok_ok", 1000);
  bank.capture();
  bank.refund("r1", 400);
  EXPECT_FALSE(bank.refund("r1", 400).record);
  EXPECT_EQ(bank.books.refunded(), 400);
  EXPECT_EQ(outcome_of(bank.retrieve("r1")), Outcome::refunded);
}

TEST(Refund, OfWhatWasNotCapturedIsNotKnown) {
  Bank bank;
  bank.authorize("tok_ok");
  EXPECT_EQ(bank.refund("r1", 1).answer, Answer::absent);
}

// Whatever is called in whatever order, captured is taken once and refunds stay within it.
TEST(Books, NeverLoseOrMakeMoney) {
  std::mt19937 random(7);
  const char* tokens[] = {"tok_ok", "tok_declined", "tok_timeout_after_charge", "tok_flaky_1",
                          "tok_timeout_before_charge"};
  for (int round = 0; round < 500; ++round) {
    Bank bank;
    const char* token = tokens[random() % std::size(tokens)];
    for (int call = 0; call < 20; ++call) {
      switch (random() % 4) {
        case 0:
          bank.authorize(token, 1000);
          break;
        case 1:
          bank.capture();
          break;
        case 2:
          bank.cancel();
          break;
        default:
          bank.refund("r" + std::to_string(random() % 3), static_cast<int64_t>(random() % 700));
      }
    }
    int64_t captured = 0;
    bool voided = false;
    for (const Entry& entry : bank.books.entries) {
      if (entry.outcome == Outcome::captured) captured += entry.amount;
      voided |= entry.outcome == Outcome::voided;
    }
    EXPECT_TRUE(captured == 0 || captured == 1000);
    EXPECT_LE(bank.books.refunded(), captured);
    EXPECT_FALSE(voided && captured > 0);
  }
}

}  // namespace
}  // namespace gantry::payments_simulator
