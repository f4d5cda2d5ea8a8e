// Asks on PostgreSQL: connections that a loop owns, in pipeline mode.
#include "tests/contract/sql/asking.hpp"
#include "tests/support/long_records.hpp"

namespace gantry::sql::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kById = "SELECT id, a FROM t WHERE id = ?";
constexpr std::string_view kSleep = "SELECT CAST(pg_sleep(CAST(? AS double precision)) AS text)";

class PgAsking : public AskingOn {
 protected:
  PgAsking() {
    options_.asks.connections = 1;
    options_.asks.timeout = std::chrono::seconds(25);  // a restart may take its time
  }
};
INSTANTIATE_TEST_SUITE_P(On, PgAsking, testing::Values("postgresql"));

TEST_P(PgAsking, OneThatTakesTooLongIsGivenUpAndItsConnectionMadeAnew) {
  options_.asks.timeout = std::chrono::milliseconds(300);
  begin();
  const std::string first = told_now("SELECT pg_backend_pid()").rows.at(0);
  ask(kSleep, {20.0});
  EXPECT_TRUE(loop_.turn_until([&, turns = 0]() mutable { return ++turns > 3; }));
  loop_.turn_until([&, until = loop_.clock.monotonic_ns() + 100'000'000] {
    return loop_.clock.monotonic_ns() > until;
  });
  ask(kById, {int64_t{1}});  // waits behind it
  ASSERT_TRUE(all_told());
  EXPECT_EQ(told_[1].code, Code::kDeadline) << told_[1].detail;
  EXPECT_EQ(told_[2].code, Code::kUnavailable) << told_[2].detail;
  EXPECT_THAT(told_[2].detail, HasSubstr("took too long"));
  const Told next = told_now("SELECT pg_backend_pid()");
  EXPECT_EQ(next.code, Code::kOk) << next.detail;
  EXPECT_NE(next.rows.at(0), first);
}

// The server does not go on for nobody.
TEST_P(PgAsking, OneThatWasGivenUpEndsOnTheServerToo) {
  options_.asks.timeout = std::chrono::milliseconds(100);
  begin();
  EXPECT_EQ(told_now(kSleep, {20.0}).code, Code::kDeadline);
  const auto sleeping = [&] {
    return tests::postgres().ask(options_.url,
                                 "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND"
                                 " query LIKE '%pg_sleep(CAST%' AND pid <> pg_backend_pid()");
  };
  EXPECT_TRUE(loop_.turn_until([&] { return sleeping() == "0"; }));
}

// As PgLinkOverTls, for the connections of a loop.
TEST_P(PgAsking, OverTlsWaitForNothingThatHasCome) {
  const tests::LongRecords records(tests::postgres().port(), 5000);
  const std::string own = options_.url;
  options_.asks.timeout = std::chrono::seconds(2);
  options_.postgresql.insecure_transport = true;
  options_.url =
      join(tests::postgres().over_tcp(own, "127.0.0.1", records.port()), "?sslmode=require");
  begin();
  options_.url = own;  // to be dropped
  const Told answer = told_now("SELECT repeat('x', n) FROM (VALUES (14000), (7000)) AS v(n)");
  EXPECT_EQ(answer.code, Code::kOk) << answer.detail;
  ASSERT_EQ(answer.rows.size(), 2u);
  EXPECT_EQ(answer.rows[1].size(), 7001u);
}

TEST_P(PgAsking, GoesOnAfterARestartOfTheServer) {
  begin();
  EXPECT_EQ(told_now(kById, {int64_t{1}}).code, Code::kOk);
  for (int i = 0; i < 3; ++i) {
    tests::postgres().restart_immediate();
    const Told answer = told_now(kById, {int64_t{1}});
    EXPECT_EQ(answer.code, Code::kOk) << answer.detail;
  }
}

TEST_P(PgAsking, WhatWasUnderWayAtARestartIsAskedAgain) {
  begin();
  told_now(kById, {int64_t{1}});
  ask(kSleep, {0.3});
  for (int64_t i = 0; i < 50; ++i) ask(kById, {i + 1});
  EXPECT_TRUE(loop_.turn_until([&, turns = 0]() mutable { return ++turns > 10; }));
  tests::postgres().restart_immediate();
  ASSERT_TRUE(all_told());
  for (const auto& [place, answer] : told_) EXPECT_EQ(answer.code, Code::kOk) << answer.detail;
}

TEST_P(PgAsking, AServerThatIsAwayIsToldAndComesBackByItself) {
  begin();
  tests::postgres().stop();
  const Told away = told_now(kById, {int64_t{1}});
  EXPECT_EQ(away.code, Code::kUnavailable);
  EXPECT_THAT(away.detail, HasSubstr("database 'projections': connect to PostgreSQL: "));
  EXPECT_EQ(told_now(kById, {int64_t{1}}).code, Code::kUnavailable);
  tests::postgres().start();
  EXPECT_TRUE(loop_.turn_until([&] { return told_now(kById, {int64_t{1}}).code == Code::kOk; }));
}

TEST_P(PgAsking, TablesThatChangeAreNoticedWithoutAFault) {
  begin();
  EXPECT_THAT(told_now("SELECT * FROM t WHERE id = ?", {int64_t{1}}).rows, ElementsAre("i1|tx"));
  database_->writer()->script("ALTER TABLE t ADD COLUMN more bigint DEFAULT 5");
  for (int64_t i = 0; i < 5; ++i) ask("SELECT * FROM t WHERE id = ?", {i + 1});
  ASSERT_TRUE(all_told());
  for (size_t i = 1; i <= 5; ++i)
    EXPECT_THAT(told_[i].rows, ElementsAre(join("i", i, "|tx|i5"))) << told_[i].detail;
}

TEST_P(PgAsking, KeepsABoundedNumberOfStatements) {
  begin();
  for (int64_t i = 0; i < 600; ++i)
    ask(join("SELECT a, ", i, " FROM t WHERE id = ?"), {i % 100 + 1});
  ASSERT_TRUE(all_told());
  for (const auto& [place, answer] : told_)
    ASSERT_EQ(answer.rows.at(0), join("tx|i", place)) << answer.detail;
  const std::string kept =
      told_now("SELECT count(*) <= 257 FROM pg_prepared_statements").rows.at(0);
  EXPECT_EQ(kept, "i1");
}

TEST_P(PgAsking, PreparesAStatementOnce) {
  begin();
  for (int64_t i = 0; i < 300; ++i) ask(kById, {i % 100 + 1});
  ASSERT_TRUE(all_told());
  const Told kept = told_now(
      "SELECT count(*), sum(generic_plans + custom_plans) FROM pg_prepared_statements"
      " WHERE statement LIKE 'SELECT id, a FROM t%'");
  EXPECT_THAT(kept.rows, ElementsAre("i1|i300"));
}

// More than the sockets hold in either direction.
TEST_P(PgAsking, TakesItsTimeWithMuchToSendAndMuchToRead) {
  begin();
  const std::string much(1 << 20, 'm');
  for (int i = 0; i < 30; ++i) ask("SELECT CAST(? AS text)", {std::string_view(much)});
  ASSERT_TRUE(all_told());
  for (const auto& [place, answer] : told_)
    ASSERT_TRUE(answer.rows.at(0) == "t" + much) << answer.detail;
}

TEST_P(PgAsking, SeesOneStateInOneStatementAndWhatWasCommittedBeforeIt) {
  begin();
  const Lease writer = database_->writer();
  for (int64_t i = 0; i < 20; ++i) {
    writer->exec("UPDATE t SET a = ? WHERE id = 1", {std::string_view(i % 2 == 0 ? "p" : "q")});
    EXPECT_THAT(told_now(kById, {int64_t{1}}).rows, ElementsAre(i % 2 == 0 ? "i1|tp" : "i1|tq"));
  }
}

TEST_P(PgAsking, TakesNoMoreConnectionsThanItIsAllowed) {
  options_.asks.connections = 2;
  begin();
  for (int64_t i = 0; i < 500; ++i) ask(kById, {i % 100 + 1});
  ASSERT_TRUE(all_told());
  const std::string count = tests::postgres().ask(
      options_.url,
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND"
      " application_name = 'gantry' AND query NOT LIKE 'CREATE%' AND query NOT LIKE 'INSERT%'");
  EXPECT_EQ(count, "2");
}

}  // namespace
}  // namespace gantry::sql::test
