// For each invariant: books that break it and no other. Each test begins with books in order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "core/verify/client_history.hpp"
#include "core/verify/database.hpp"
#include "tests/unit/verify/books.hpp"

namespace gantry::verify {
namespace {

using testing::HasSubstr;

struct Kind {
  const char* name;
  std::unique_ptr<Engine> (*engine)();
};

class BrokenBooks : public testing::TestWithParam<Kind> {
 protected:
  // Exactly that invariant is broken, and so it says.
  void expect_only(Invariant invariant, const std::string& what, const Sources& sources = {}) {
    const Report report = books.verify(sources);
    std::string first;
    for (size_t i = 0; i < kInvariantCount; ++i) {
      const auto one = static_cast<Invariant>(i);
      EXPECT_EQ(report.violations(one) > 0, one == invariant) << text_of(report);
      if (one == invariant && !report.first(one).empty()) first = report.first(one).front().what;
    }
    EXPECT_THAT(first, HasSubstr(what)) << text_of(report);
  }
  static std::string text_of(const Report& report) {
    std::ostringstream out;
    report.print(out);
    return out.str();
  }
  std::string file_with(const std::string& lines) {
    const std::string file = testing::TempDir() + "gantry-verify-lines";
    std::ofstream(file) << lines;
    return file;
  }
  void hold(const std::string& who, const std::string& places) {
    books.append(places.find("seats") == places.npos ? books.floor() : books.stalls(),
                 "events.inventory_held.v1",
                 R"({"reservation_id":")" + Books::text(who) + "\"," + places + "}");
  }
  // 5,000 cents for the reservation of `who`, by a provider whose books nobody can read. Returns
  // the payment's stream.
  std::string request(const std::string& name, const std::string& who) {
    const std::string payment = "payment-" + Books::text(name);
    books.append(payment, "payments.requested.v1",
                 R"({"reservation_id":")" + Books::text(who) +
                     R"(","amount":{"amount":5000,"currency":"EUR"}})");
    return payment;
  }
  std::string authorize(const std::string& name, const std::string& who) {
    const std::string payment = request(name, who);
    books.append(payment, "payments.authorized.v1", R"({"provider":"other"})");
    return payment;
  }
  std::string captured(int64_t cents) {
    return R"({"amount":{"amount":)" + std::to_string(cents) + R"(,"currency":"EUR"}})";
  }
  const std::string ann_pays = "payment-" + Books::text("ann-pays");
  const std::string dan_pays = "payment-" + Books::text("dan-pays");

  Books books{GetParam().engine()};
};

TEST_P(BrokenBooks, InOrderEverythingHolds) {
  const Report report = books.verify();
  EXPECT_TRUE(report.ok()) << text_of(report);
  for (const auto invariant : {Invariant::seats, Invariant::money, Invariant::dense,
                               Invariant::views, Invariant::projected, Invariant::timers})
    EXPECT_TRUE(report.is_checked(invariant)) << text_of(report);
  EXPECT_FALSE(report.is_checked(Invariant::history));
}

TEST_P(BrokenBooks, ASeatIsSoldTwice) {
  hold("eve", R"("quantity":1,"seats":["A-1"])");
  expect_only(Invariant::seats, "seat A-1 goes to " + Books::text("eve"));
}

TEST_P(BrokenBooks, ASeatIsThereThatNeverWas) {
  hold("eve", R"("quantity":1,"seats":["A-5"])");
  expect_only(Invariant::seats, "there is no seat A-5");
}

TEST_P(BrokenBooks, MorePlacesAreHeldThanThereAre) {
  hold("eve", R"("quantity":6)");
  expect_only(Invariant::seats, "6 held and 0 sold of 5");
}

TEST_P(BrokenBooks, PlacesAreReleasedTwice) {
  books.append(books.floor(), "events.inventory_released.v1",
               R"({"reservation_id":")" + Books::text("dan") +
                   R"(","from":"sold","cause":"refunded","quantity":2})");
  expect_only(Invariant::seats, "releases places that");
}

TEST_P(BrokenBooks, APaymentIsCapturedTwice) {
  books.append(ann_pays, "payments.captured.v1", captured(5000));
  expect_only(Invariant::money, "is captured again");
}

TEST_P(BrokenBooks, APaymentIsCapturedThatWasNeverAuthorized) {
  const std::string early = request("early", "cat");
  books.append(early, "payments.captured.v1", captured(5000));
  expect_only(Invariant::money, "is captured while it is processing");
}

TEST_P(BrokenBooks, APaymentIsCapturedAfterItWasVoided) {
  const std::string given_back = authorize("given-back", "cat");
  books.append(given_back, "payments.voided.v1", "{}");
  books.append(given_back, "payments.captured.v1", captured(5000));
  expect_only(Invariant::money, "is captured while it is voided");
}

TEST_P(BrokenBooks, AHoldIsTakenAwayBeforeItHasEnded) {
  books.append(books.floor(), "events.inventory_held.v1",
               R"({"reservation_id":")" + Books::text("eve") +
                   R"(","quantity":1,"until":"2027-01-15T08:05:00.000Z"})");
  books.append(
      books.floor(), "events.inventory_extended.v1",
      R"({"reservation_id":")" + Books::text("eve") + R"(","until":"2027-01-15T08:07:00.000Z"})");
  books.append(books.floor(), "events.inventory_released.v1",
               R"({"reservation_id":")" + Books::text("eve") +
                   R"(","from":"held","cause":"expired","quantity":1,)"
                   R"("at":"2027-01-15T08:06:59.999Z"})");
  expect_only(Invariant::seats, "takes places from " + Books::text("eve"));
}

TEST_P(BrokenBooks, PlacesAreSoldToNobody) {
  hold("eve", R"("quantity":1)");
  books.append(books.floor(), "events.inventory_confirmed.v1",
               R"({"reservation_id":")" + Books::text("eve") + R"(","quantity":1})");
  expect_only(Invariant::seats,
              "places of reservation " + Books::text("eve") + " are sold, and it is absent");
}

TEST_P(BrokenBooks, MoneyIsKeptForWhatWasNotSold) {
  const std::string payment = authorize("cat-pays", "cat");
  books.append(payment, "payments.captured.v1", captured(5000));
  expect_only(Invariant::money,
              "has kept money for reservation " + Books::text("cat") + ", which is held");
}

TEST_P(BrokenBooks, PlacesAreSoldForNothing) {
  books.append("reservation-" + Books::text("cat"), "reservations.confirmed.v1", "{}");
  books.append(
      books.stalls(), "events.inventory_confirmed.v1",
      R"({"reservation_id":")" + Books::text("cat") + R"(","quantity":1,"seats":["A-3"]})");
  expect_only(Invariant::money,
              "reservation " + Books::text("cat") + " is confirmed and nobody pays for it");
}

TEST_P(BrokenBooks, AConfirmedReservationHasNoPlaces) {
  books.append(books.stalls(), "events.inventory_released.v1",
               R"({"reservation_id":")" + Books::text("ann") +
                   R"(","from":"sold","cause":"refunded","quantity":2,"seats":["A-1","A-2"]})");
  expect_only(Invariant::seats,
              "reservation " + Books::text("ann") + " is confirmed and has no places");
}

TEST_P(BrokenBooks, AHoldNeverEnds) {
  books.run("DELETE FROM es_timer WHERE stream = 'reservation-" + Books::text("cat") + "'");
  expect_only(Invariant::timers,
              "reservation " + Books::text("cat") + " is held and no timer ends it");
}

TEST_P(BrokenBooks, AReadModelHasLostItsCheckpoint) {
  books.run("DELETE FROM es_checkpoint WHERE consumer = 'payments.view'");
  expect_only(Invariant::views, "payments_view has rows and no checkpoint");
}

TEST_P(BrokenBooks, AReservationIsPaidByTwoPayments) {
  books.run("DELETE FROM simulator_ledger");  // of this payment the provider knows nothing
  books.run("DROP TABLE simulator_ledger");
  const std::string second = authorize("second", "ann");
  books.append(second, "payments.captured.v1", captured(5000));
  expect_only(Invariant::money, "is paid by " + Books::text("ann-pays"));
}

TEST_P(BrokenBooks, MoreIsRefundedThanWasCaptured) {
  books.append(
      dan_pays, "payments.refund_requested.v1",
      R"({"refund_id":")" + Books::text("more") + R"(","amount":{"amount":1,"currency":"EUR"}})");
  expect_only(Invariant::money, "refunds 3001 of 3000 captured");
}

TEST_P(BrokenBooks, TheProviderHasRefundedTwice) {
  books.run(
      "INSERT INTO simulator_ledger (seq, key, kind, payment_key, amount, currency, outcome, "
      "decline_code, reference, brand, last4, at) VALUES (9, '" +
      Books::text("again") + "', 'refund', '" + Books::text("dan-pays") +
      "', 3000, 'EUR', 'refunded', '', '', '', '', 0)");
  expect_only(Invariant::money, "refund " + Books::text("again") + " is not in the log");
}

TEST_P(BrokenBooks, TheProviderHasCapturedNothing) {
  books.run("DELETE FROM simulator_ledger WHERE kind = 'capture' AND key = '" +
            Books::text("ann-pays") + "'");
  expect_only(Invariant::money, "was captured here, not there");
}

TEST_P(BrokenBooks, APositionIsMissing) {
  books.run("UPDATE es_event SET position = position + 1 WHERE position = " +
            std::to_string(books.append("other-1", "other.happened.v1", "{}")));
  expect_only(Invariant::dense, "follows position");
}

TEST_P(BrokenBooks, AStreamIsThereWithoutAnEvent) {
  books.run(
      "INSERT INTO es_stream (stream_id, name) SELECT max(stream_id) + 1, 'other-1' FROM "
      "es_stream");
  expect_only(Invariant::dense, "stream other-1 has no event");
}

TEST_P(BrokenBooks, TheLogIsHalfOfACopy) {
  books.run("UPDATE es_log SET name = 'copying' WHERE log_id = 0");
  expect_only(Invariant::dense, "a copy into this log was not finished");
}

TEST_P(BrokenBooks, AVersionIsMissing) {
  books.append("other-1", "other.happened.v1", "{}");
  books.skip_version("other-1");
  books.append("other-1", "other.happened.v1", "{}");
  expect_only(Invariant::dense, "version 3 of other-1 follows version 1");
}

TEST_P(BrokenBooks, AnEventIsDamaged) {
  books.run("UPDATE es_event SET meta = '{\"a\":1}' WHERE position = 3");
  expect_only(Invariant::dense, "the checksum does not match");
}

TEST_P(BrokenBooks, AnEventIdIsThereTwice) {
  books.unbind("es_event");
  books.append("other-1", "other.happened.v1", "{}", uuid5(Books::command(1), "0"));
  expect_only(Invariant::dense, "has the event id");
}

TEST_P(BrokenBooks, AnAcknowledgedReservationIsNotThere) {
  Sources sources;
  sources.history =
      file_with(R"({"status":201,"position":4,"reservation":")" + Books::text("nobody") + "\"}\n");
  expect_only(Invariant::history, "was acknowledged and is not in the log", sources);
}

TEST_P(BrokenBooks, AnAcknowledgedPositionIsBeyondTheLog) {
  Sources sources;
  sources.history = file_with(R"({"status":200,"position":4711})");
  expect_only(Invariant::history, "the log ends at", sources);
}

TEST_P(BrokenBooks, AnAcknowledgedCommandHasNoEvent) {
  Sources sources;
  sources.history =
      file_with(R"({"status":200,"position":4,"command":")" + Books::text("no command") + "\"}");
  expect_only(Invariant::history, "has no event", sources);
}

TEST_P(BrokenBooks, ARepeatWasAnsweredWithAnotherReservation) {
  Sources sources;
  sources.history =
      file_with(R"({"key":"k","status":201,"reservation":")" + Books::text("ann") + "\"}\n" +
                R"({"key":"k","status":201,"reservation":")" + Books::text("bob") + "\"}");
  expect_only(Invariant::history, "before that with", sources);
}

TEST_P(BrokenBooks, OfACommandOnlyPartIsThere) {
  books.append("other-1", "other.happened.v1", "{}", uuid5(Books::id("torn"), "0"));
  books.append("other-1", "other.happened.v1", "{}");
  books.append("other-1", "other.happened.v1", "{}", uuid5(Books::id("torn"), "1"));
  Sources sources;
  sources.history = file_with(R"({"status":0,"command":")" + Books::text("torn") + "\"}");
  expect_only(Invariant::history, "event 1 of command", sources);
}

TEST_P(BrokenBooks, ACommandThatWasRefusedIsThere) {
  Sources sources;
  sources.history =
      file_with(R"({"status":409,"first":0,"command":")" + Books::command(3).text() + "\"}");
  expect_only(Invariant::history, "has no event, it begins at position 3", sources);
}

TEST_P(BrokenBooks, ACommandBeginsElsewhereThanItsAnswerSaid) {
  Sources sources;
  sources.history = file_with(R"({"status":200,"first":4,"position":4,"command":")" +
                              Books::command(3).text() + "\"}");
  expect_only(Invariant::history, "begins at position 4, it begins at position 3", sources);
}

TEST_P(BrokenBooks, AHistoryThatIsTrueHolds) {
  Sources sources;
  sources.history = file_with(
      R"({"key":"k","status":201,"position":4,"reservation":")" + Books::text("ann") + "\"}\n" +
      R"({"key":"k","status":201,"position":4,"reservation":")" + Books::text("ann") + "\"}\n" +
      R"({"status":200,"first":3,"position":3,"command":")" + Books::command(3).text() + "\"}\n" +
      R"({"status":0,"command":")" + Books::text("never arrived") + "\"}\n" +
      R"({"status":409,"key":"l"})");
  const Report report = books.verify(sources);
  EXPECT_TRUE(report.ok()) << text_of(report);
  EXPECT_TRUE(report.is_checked(Invariant::history));
}

TEST_P(BrokenBooks, ASubscriberMissesAPosition) {
  Sources sources;
  sources.subscribers = {file_with("1\n2\n4\n")};
  expect_only(Invariant::prefix, "came where 3 was due", sources);
}

TEST_P(BrokenBooks, ASubscriberThatAsksAgainIsInOrder) {
  Sources sources;
  sources.subscribers = {file_with("1\n2\n3\nfrom 2\n2\n3\n")};
  EXPECT_TRUE(books.verify(sources).ok());
}

TEST_P(BrokenBooks, ASectionCountsWrong) {
  books.run("UPDATE section_availability SET sold = sold + 1 WHERE section = 'Stalls'");
  expect_only(Invariant::views, "says sold 3, the log says 2");
}

TEST_P(BrokenBooks, ASeatThatIsTakenHasNoRow) {
  books.run("DELETE FROM seat_state WHERE seat = 'A-2'");
  expect_only(Invariant::views, "1 seats that are taken have no row");
}

TEST_P(BrokenBooks, AReservationIsShownInAnotherState) {
  books.run("UPDATE reservations_view SET state = 'paying' WHERE state = 'expired'");
  expect_only(Invariant::views, "is paying, the log says expired");
}

TEST_P(BrokenBooks, APaymentIsShownWithAnotherAmount) {
  books.run("UPDATE payments_view SET amount_refunded = 0");
  expect_only(Invariant::views, "says refunded 0, the log says 3000");
}

TEST_P(BrokenBooks, AViewThatIsBehindIsComparedWhereItIs) {
  hold("eve", R"("quantity":2)");
  books.append("reservation-" + Books::text("eve"), "reservations.held.v1", "{}");
  books.run("UPDATE es_timer SET stream = 'reservation-" + Books::text("eve") +
            "', status = 0, due_at = due_at + 3600000000 WHERE stream = 'reservation-" +
            Books::text("ann") + "'");
  const Report report = books.verify();
  EXPECT_TRUE(report.ok()) << text_of(report);
}

TEST_P(BrokenBooks, ACheckpointIsBeyondTheLog) {
  books.run("UPDATE es_checkpoint SET position = 4711 WHERE consumer = 'payments.view'");
  expect_only(Invariant::projected, "the log has no such position");
}

TEST_P(BrokenBooks, ACheckpointNamesAnotherEvent) {
  books.run("UPDATE es_checkpoint SET event_id = " + books.bytes(Books::id("other")));
  expect_only(Invariant::projected, "the event there is another one");
}

TEST_P(BrokenBooks, AnEventWasProjectedTwice) {
  books.run("INSERT INTO es_projected VALUES ('events.availability', 1, 3)");
  expect_only(Invariant::projected, "events.availability has applied it twice");
}

TEST_P(BrokenBooks, AnEventWasNotProjected) {
  books.run("DELETE FROM es_projected WHERE consumer = 'reservations.view' AND position = 4");
  expect_only(Invariant::projected, "reservations.view has not applied it");
}

TEST_P(BrokenBooks, ATimerHasFiredWithoutAnEvent) {
  books.run("UPDATE es_timer SET status = 1 WHERE status = 2");
  expect_only(Invariant::timers, "has fired, and there is no event of it");
}

TEST_P(BrokenBooks, ATimerFiredThatWasCancelled) {
  books.run("UPDATE es_timer SET status = 2 WHERE status = 1");
  expect_only(Invariant::timers, "fired, and es_timer says cancelled");
}

TEST_P(BrokenBooks, ATimerFiredEarly) {
  books.run("UPDATE es_timer SET due_at = due_at + 3600000000 WHERE status = 1");
  expect_only(Invariant::timers, "us before its time");
}

TEST_P(BrokenBooks, ATimerFiredUnderAnotherId) {
  books.append("reservation-" + Books::text("cat"), "gantry.timer_fired.v1",
               R"({"key":"expiry","due_at":"2027-01-15T08:00:00.000Z","payload":{}})");
  expect_only(Invariant::timers, "its id is not made from the timer");
}

TEST_P(BrokenBooks, ATimerIsOverdue) {
  books.run("UPDATE es_timer SET due_at = due_at - 3600000000 WHERE status = 0");
  expect_only(Invariant::timers, "is overdue by 3540 s");
}

TEST_P(BrokenBooks, WithoutALogThereIsNothingToRead) {
  books.run("DROP TABLE es_event");
  EXPECT_THROW(books.verify(), CannotRead);
}

INSTANTIATE_TEST_SUITE_P(Sqlite, BrokenBooks, testing::Values(Kind{"sqlite", &sqlite_engine}));
INSTANTIATE_TEST_SUITE_P(Postgresql, BrokenBooks,
                         testing::Values(Kind{"postgresql", &postgresql_engine}));

}  // namespace
}  // namespace gantry::verify
