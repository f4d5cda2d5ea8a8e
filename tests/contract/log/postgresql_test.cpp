// What only PostgreSQL can do to the log: sessions end or stand still behind its back, and the
// database is put back to an older state while it is in use.
#include <gmock/gmock.h>

#include <signal.h>

#include <cstdlib>
#include <thread>

#include "core/log/pg_clock.hpp"
#include "core/log/pg_store.hpp"
#include "core/log/tail.hpp"
#include "core/sql/database.hpp"
#include "core/sql/pg_url.hpp"
#include "gantry/text.hpp"
#include "tests/contract/log/fixture.hpp"

namespace gantry::log::test {
namespace {
using testing::HasSubstr;

class OnPostgresql : public testing::Test {
 protected:
  std::unique_ptr<Log> open(std::chrono::milliseconds answer_max = std::chrono::seconds(30)) const {
    PgLogOptions options;
    set_test_pace(options, {});
    options.answer_sweep_every = std::chrono::hours(1);
    options.database.name = "events";
    options.database.url = url_;
    options.answer_max = answer_max;
    options.clock_instead = &clock_;
    return open_pg_log(options, clock_);
  }
  std::string ask(const std::string& sql) const { return tests::postgres().ask(url_, sql); }
  // Until the answer to `sql` is `answer`; false after ten seconds.
  bool becomes(const std::string& sql, const std::string& answer) const {
    for (int i = 0; i < 500; ++i) {
      if (ask(sql) == answer) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
  }
  static Outcome append(Log& log, int n, StreamAppend append) {
    return log.append_wait(unit(n, {std::move(append)}));
  }

  ManualClock clock_;
  const std::string url_ = tests::postgres().fresh_database();
};

TEST_F(OnPostgresql, AppendsAfterItsSessionsWereEndedAsIfNothingHadHappened) {
  const auto log = open();
  append(*log, 1, to("cart-1", kAbsent));
  ask("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
      " WHERE datname = current_database() AND pid <> pg_backend_pid()");
  const Outcome after = append(*log, 2, to("cart-1", 1));
  EXPECT_EQ(after.code, Code::kOk) << after.detail;
}

// A copy waits for the log, and has it as soon as the server's sessions have ended.
TEST_F(OnPostgresql, WritesNothingUntilTheLogIsItsOwnAgain) {
  const auto log = open();
  append(*log, 1, to("cart-1", kAbsent));
  sql::DatabaseOptions options;
  options.name = "events";
  options.url = url_;
  const auto database = sql::open_database(options);
  const auto copying = database->writer();
  const auto lock = [&](const char* how) {
    copying->query(join("SELECT ", how, "(1196183399, 1)::text"), {},
                   [](const sql::Row&) { return true; });
  };
  std::thread taking([&] { lock("pg_advisory_lock"); });
  EXPECT_TRUE(becomes("SELECT count(*) FROM pg_locks WHERE NOT granted", "1"));
  ask("SELECT pg_terminate_backend(pid, 5000) FROM pg_locks"
      " WHERE locktype = 'advisory' AND granted");
  taking.join();
  for (const int n : {2, 3}) {
    const Outcome refused = append(*log, n, to("cart-1", kAny));
    EXPECT_EQ(refused.code, Code::kUnavailable);
    EXPECT_THAT(refused.detail, HasSubstr("the event log is being copied by"));
  }
  lock("pg_advisory_unlock");
  EXPECT_EQ(append(*log, 3, to("cart-1", 1)).code, Code::kOk);
}

// Lock, rows and COMMIT lie unread before a server process that stands still. What the caller is
// told stays true when it goes on.
TEST_F(OnPostgresql, NeverCommitsWhatItHasSaidIsNotThere) {
  const auto log = open(std::chrono::milliseconds(500));
  append(*log, 1, to("cart-1", kAny));
  append(*log, 2, to("cart-1", kAny));
  ASSERT_EQ(log->stats().unasked, 1u) << "the next one is sent in one piece";
  const auto writer = static_cast<pid_t>(
      std::atoi(ask("SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                    " AND query = 'COMMIT' ORDER BY backend_start DESC LIMIT 1")
                    .c_str()));
  ASSERT_GT(writer, 0);
  ASSERT_EQ(::kill(writer, SIGSTOP), 0);
  const Outcome late = append(*log, 3, to("cart-1", kAny));
  ::kill(writer, SIGCONT);
  EXPECT_EQ(late.code, Code::kUnavailable) << late.detail;
  EXPECT_TRUE(becomes(join("SELECT count(*) FROM pg_stat_activity WHERE pid = ", writer), "0"));
  EXPECT_EQ(all(*log).size(), 2u);
  EXPECT_EQ(append(*log, 3, to("cart-1", kAny)).committed.first, 3);
}

TEST_F(OnPostgresql, RefusesToAppendToALogThatWasPutBack) {
  const auto log = open();
  append(*log, 1, to("cart-1", kAbsent, 5));
  ask("DELETE FROM es_event WHERE position > 3");
  const Outcome late = append(*log, 2, to("cart-2", kAbsent));
  EXPECT_EQ(late.code, Code::kInternal);
  EXPECT_THAT(late.detail, HasSubstr("the log ends at position 3 and ended at 5 before"));
  EXPECT_EQ(ask("SELECT max(position) FROM es_event"), "3");
  EXPECT_EQ(append(*open(), 2, to("cart-2", kAbsent)).committed.first, 4) << "after a restart";
}

TEST_F(OnPostgresql, ItsTailNoticesThatTheLogWasPutBackAndHasGrownSince) {
  const auto log = open();
  Tail tail(*log, {});
  tail.start();
  append(*log, 1, to("cart-1", kAbsent, 5));
  ASSERT_TRUE(tail.wait(4, std::chrono::steady_clock::now() + std::chrono::seconds(10)));
  ask("DELETE FROM es_event WHERE position > 3");
  append(*open(), 2, to("cart-2", kAbsent, 5));  // by a server that never knew of the old end
  for (int i = 0; i < 500 && !tail.fault(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  ASSERT_TRUE(tail.fault());
  EXPECT_EQ(tail.fault()->detail(), "log diverged at position 5");
  EXPECT_EQ(tail.end(), 5);
  tail.stop();
}

// Another server gives the answer anew while this one sweeps.
TEST_F(OnPostgresql, SweepsNoAnswerThatWasGivenAnewMeanwhile) {
  const auto log = open();
  Unit answering = unit(1, {to("cart-1", kAny)});
  answering.answer = StoredAnswer{std::string(32, 's'),
                                  std::string(32, 'f'),
                                  answering.command,
                                  201,
                                  "",
                                  "{}",
                                  0,
                                  log->now() + std::chrono::hours(1)};
  ASSERT_EQ(log->append_wait(answering).code, Code::kOk);
  clock_.advance(std::chrono::hours(2));

  const auto database = sql::open_database([&] {
    sql::DatabaseOptions options;
    options.name = "events";
    options.url = url_;
    return options;
  }());
  const auto other = database->writer();
  other->begin();
  other->exec("UPDATE es_answer SET expires_at = expires_at + 86400000000", {});
  std::thread sweeping([&] {
    PgLogOptions options;
    options.clock_instead = &clock_;
    PgClock clock(clock_, &clock_);
    std::atomic<int> backend{0};
    const std::string conninfo = sql::PgUrl(url_).conninfo({}, false);
    EXPECT_EQ(PgStore(conninfo, options, clock, clock_, backend).sweep_answers(10), 0u);
  });
  EXPECT_TRUE(becomes("SELECT count(*) FROM pg_locks WHERE NOT granted", "1"));
  other->commit();
  sweeping.join();
  EXPECT_EQ(ask("SELECT count(*) FROM es_answer"), "1");
}

}  // namespace
}  // namespace gantry::log::test
