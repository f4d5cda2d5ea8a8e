// What only SQLite can suffer: a full disk, failing writes and syncs, damaged rows.
#include <sqlite3.h>

#include "core/sql/sqlite_connection.hpp"
#include "core/sql/sqlite_statement.hpp"
#include "tests/contract/log/fault_vfs.hpp"
#include "tests/contract/log/fixture.hpp"

namespace gantry::log::test {
namespace {

class SqliteFault : public testing::Test {
 protected:
  SqliteFault() { FaultVfs::install(); }
  ~SqliteFault() override {
    FaultVfs::heal();
    log_.reset();
  }
  Log& open(SqliteLogOptions options) {
    log_.reset();
    log_ = open_sqlite_log(options, clock_);
    return *log_;
  }
  Log& open_faulty() {
    auto options = sqlite_options(folder_.path(), {});
    options.vfs = FaultVfs::kName;
    return open(options);
  }
  // The file as a crash would leave it at this moment, opened anew: only what the WAL holds counts.
  std::unique_ptr<Log> after_crash() {
    for (const char* name : {"events.db", "events.db-wal"}) {
      std::filesystem::copy_file(folder_.path() / name, copy_.path() / name,
                                 std::filesystem::copy_options::overwrite_existing);
    }
    return open_sqlite(copy_.path(), {}, clock_);
  }
  // Past the log's back.
  void tamper(const char* sql) {
    sql::SqliteConnection connection((folder_.path() / "events.db").string(), {});
    connection.run("PRAGMA foreign_keys = OFF");
    connection.run(sql);
  }
  ManualClock clock_;
  Folder folder_, copy_;
  std::unique_ptr<Log> log_;
};

Unit big(int n) {
  auto append = to("big-1", kAny);
  append.events[0].data = "{\"x\":\"" + std::string(20'000, 'x') + "\"}";
  return unit(n, {append});
}

TEST_F(SqliteFault, FileAtItsPageBoundRefusesCleanlyAndResumesWhenRaised) {
  auto options = sqlite_options(folder_.path(), {});
  options.pages_max = 120;
  Log& log = open(options);
  int n = 0;
  Outcome outcome;
  while ((outcome = log.append_wait(big(n))).code == Code::kOk) ASSERT_LT(++n, 1000);

  EXPECT_EQ(outcome.code, Code::kUnavailable);
  EXPECT_EQ(log.head(), n);
  EXPECT_EQ(log.append_wait(big(n)).code, Code::kUnavailable);  // still, and still clean
  EXPECT_EQ(all(log).size(), static_cast<size_t>(n));

  options.pages_max = 400;
  Log& raised = open(options);
  const Outcome resumed = raised.append_wait(big(n));
  EXPECT_EQ(resumed.code, Code::kOk);
  EXPECT_FALSE(resumed.committed.repeated);
  EXPECT_EQ(resumed.committed.first, n + 1);
  EXPECT_EQ(all(raised).size(), static_cast<size_t>(n + 1));
}

TEST_F(SqliteFault, FullDiskFailsTheWholeGroupAndHealsWithoutReopening) {
  Log& log = open_faulty();
  log.append_wait(unit(1, {to("a-1", kAbsent)}));
  Outcomes outcomes(3);
  {
    HeldWriter held(log);
    FaultVfs::fail_writes(SQLITE_FULL);
    for (int i = 0; i < 3; ++i)
      log.append(unit(10 + i, {to("a-1", kAny)}), outcomes.slot(static_cast<size_t>(i)));
  }
  for (const auto& outcome : outcomes.wait())
    EXPECT_EQ(outcome.code, Code::kUnavailable) << outcome.detail;
  EXPECT_GT(FaultVfs::injected(), 0);
  EXPECT_EQ(log.head(), 1);
  EXPECT_EQ(all(log).size(), 1u);

  FaultVfs::heal();
  EXPECT_EQ(log.append_wait(unit(11, {to("a-1", 1)})).committed.first, 2);
  EXPECT_EQ(after_crash()->head(), 2);
}

TEST_F(SqliteFault, RefusedWriteIsRememberedUntilOneSucceeds) {
  Log& log = open_faulty();
  EXPECT_FALSE(log.write_fault());
  FaultVfs::fail_writes(SQLITE_FULL);
  log.append_wait(unit(1, {to("a-1", kAbsent)}));
  ASSERT_TRUE(log.write_fault());
  EXPECT_EQ(log.write_fault()->code(), Code::kUnavailable);
  log.probe_write();
  log.append_wait(unit(2, {to("a-1", 7)}));  // a conflict: it writes nothing, so it proves nothing
  EXPECT_TRUE(log.write_fault());

  FaultVfs::heal();
  log.append_wait(unit(3, {to("a-1", 7)}));
  EXPECT_TRUE(log.write_fault());
  log.probe_write();
  log.append_wait(unit(4, {to("a-1", 7)}));  // comes after the probe
  EXPECT_FALSE(log.write_fault());
  EXPECT_EQ(log.head(), 0);
}

// The frames of the failed commit lie complete in the WAL, only not synchronised: recovery would
// take them.
TEST_F(SqliteFault, FailedSyncIsUnavailableAndDoesNotComeBackAfterACrash) {
  Log& log = open_faulty();
  log.append_wait(unit(1, {to("a-1", kAbsent)}));

  FaultVfs::fail_syncs(SQLITE_IOERR_FSYNC, 1);
  const Outcome failed = log.append_wait(unit(2, {to("a-1", 1)}));

  EXPECT_EQ(FaultVfs::injected(), 1);
  EXPECT_EQ(failed.code, Code::kUnavailable) << failed.detail;
  EXPECT_EQ(log.head(), 1);
  EXPECT_EQ(after_crash()->head(), 1);
  EXPECT_EQ(log.append_wait(unit(3, {to("a-1", 1)})).committed.first, 2);
}

TEST_F(SqliteFault, DiskThatStaysBrokenIsDeadlineAndTheSameCommandIsSafe) {
  Log& log = open_faulty();
  log.append_wait(unit(1, {to("a-1", kAbsent)}));

  FaultVfs::fail_syncs(SQLITE_IOERR_FSYNC);
  const Outcome unknown = log.append_wait(unit(2, {to("a-1", 1)}));
  const auto crashed = after_crash();
  FaultVfs::heal();

  EXPECT_EQ(unknown.code, Code::kDeadline) << unknown.detail;
  EXPECT_EQ(crashed->append_wait(unit(2, {to("a-1", 1)})).committed.first,
            2);  // whether it was there or not
  EXPECT_EQ(crashed->head(), 2);
  EXPECT_EQ(log.append_wait(unit(2, {to("a-1", 1)})).committed.first, 2);
  EXPECT_EQ(log.head(), 2);
}

TEST_F(SqliteFault, FailingWritesLoseNeitherTimersNorTheirTurn) {
  Log& log = open_faulty();
  Unit timer = unit(1);
  timer.timers_set.push_back({"hold-1", "expiry", clock_.now() + std::chrono::seconds(1)});
  log.append_wait(timer);

  FaultVfs::fail_writes(SQLITE_IOERR_WRITE, 3);
  clock_.advance(std::chrono::seconds(1));

  EXPECT_TRUE(reaches(log, 1));
  EXPECT_EQ(FaultVfs::injected(), 3);
}

TEST_F(SqliteFault, HoleIsReportedNotSkipped) {
  Log& log = open(sqlite_options(folder_.path(), {}));
  log.append_wait(unit(1, {to("a-1", kAny, 5)}));
  tamper("DELETE FROM es_event WHERE position = 3");
  try {
    log.read(0, 10);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Code::kInternal);
    EXPECT_EQ(e.detail(), "the log has a hole: after position 2 comes 4");
  }
  EXPECT_THROW(stream_of(log, "a-1"), Error);
}

TEST_F(SqliteFault, MissingEndIsReportedNotWaitedFor) {
  Log& log = open(sqlite_options(folder_.path(), {}));
  log.append_wait(unit(1, {to("a-1", kAny, 5)}));
  tamper("DELETE FROM es_event WHERE position = 5");
  try {
    log.read(4, 10);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.detail(), "the log has a hole: position 5 is missing, the head is 5");
  }
}

class Damaged : public SqliteFault, public testing::WithParamInterface<const char*> {};
INSTANTIATE_TEST_SUITE_P(
    Field, Damaged,
    testing::Values("UPDATE es_event SET data = '{\"i\":8}' WHERE position = 2",
                    "UPDATE es_event SET meta = '{}' WHERE position = 2",
                    "UPDATE es_event SET type = 'test.other.v1' WHERE position = 2",
                    "UPDATE es_event SET version = 9 WHERE position = 2",
                    "UPDATE es_event SET recorded_at = 1 WHERE position = 2",
                    "UPDATE es_event SET event_id = zeroblob(16) WHERE position = 2",
                    "UPDATE es_event SET crc32 = crc32 + 1 WHERE position = 2",
                    "UPDATE es_stream SET name = 'a-2'"));

TEST_P(Damaged, RowIsFoundByItsChecksum) {
  Log& log = open(sqlite_options(folder_.path(), {}));
  log.append_wait(unit(1, {to("a-1", kAny, 1)}));
  log.append_wait(unit(2, {to("a-1", kAny, 1)}));
  tamper(GetParam());
  try {
    log.read(1, 1);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Code::kInternal);
    EXPECT_EQ(e.detail(), "the event at position 2 is damaged: checksum mismatch");
  }
}

TEST_F(SqliteFault, ForeignWriterOfTheSameFileIsWaitedFor) {
  Log& log = open(sqlite_options(folder_.path(), {}));
  sql::SqliteConnection other((folder_.path() / "events.db").string(), {});
  other.run("CREATE TABLE rows (n INTEGER); BEGIN IMMEDIATE; INSERT INTO rows VALUES (1)");
  Outcomes outcomes(1);
  log.append(unit(1, {to("a-1", kAny)}), outcomes.slot(0));
  other.run("COMMIT");
  EXPECT_EQ(outcomes.wait_for(0).code, Code::kOk);
}

TEST_F(SqliteFault, FileThatStaysLockedIsUnavailable) {
  auto options = sqlite_options(folder_.path(), {});
  options.busy_timeout = std::chrono::milliseconds(1);
  Log& log = open(options);
  sql::SqliteConnection other((folder_.path() / "events.db").string(), {});
  other.run("BEGIN IMMEDIATE");
  EXPECT_EQ(log.append_wait(unit(1, {to("a-1", kAny)})).code, Code::kUnavailable);
  other.run("ROLLBACK");
  EXPECT_EQ(log.append_wait(unit(1, {to("a-1", kAny)})).code, Code::kOk);
}

// A row that no check of ours foresees: the unit that meets it fails alone.
TEST_F(SqliteFault, UnforeseenConstraintHurtsOnlyItsOwnUnit) {
  Log& log = open(sqlite_options(folder_.path(), {}));
  tamper(
      "CREATE TRIGGER no_poison BEFORE INSERT ON es_event WHEN NEW.type = 'poison' "
      "BEGIN SELECT RAISE(ABORT, 'poison'); END");
  auto poison = to("a-1", kAny, 2);
  poison.events[1].type = "poison";
  Outcomes outcomes(3);
  {
    HeldWriter held(log);
    log.append(unit(1, {to("a-1", kAny)}), outcomes.slot(0));
    log.append(unit(2, {poison}), outcomes.slot(1));
    log.append(unit(3, {to("a-1", 1)}), outcomes.slot(2));
  }
  EXPECT_EQ(outcomes.wait_for(0).code, Code::kOk);
  EXPECT_EQ(outcomes.wait_for(1).code, Code::kInternal);
  EXPECT_EQ(outcomes.wait_for(2).code, Code::kOk);
  EXPECT_EQ(all(log).size(), 2u);
}

TEST_F(SqliteFault, ExpiredAnswersAreDeletedInSmallBatches) {
  auto options = sqlite_options(folder_.path(), {});
  options.answer_sweep_max = 10;
  Log& log = open(options);
  for (int i = 0; i < 25; ++i) {
    Unit given = unit(i);
    given.answer.emplace();
    given.answer->scope = std::string(32, 's');
    given.answer->scope.back() = static_cast<char>(i);
    given.answer->fingerprint = std::string(32, 'f');
    given.answer->command = given.command;
    given.answer->expires_at = clock_.now() + std::chrono::hours(1);
    log.append_wait(given);
  }
  clock_.advance(std::chrono::hours(2));
  sql::SqliteConnection look((folder_.path() / "events.db").string(), {});
  sql::SqliteStatement count(look.handle(), "SELECT count(*) FROM es_answer");
  // What follows an answer is done before the next append begins.
  const auto left_after = [&](int n) {
    log.append_wait(unit(n, {to("a-1", kAny)}));
    count.step();
    const int64_t left = count.integer(0);
    count.reset();
    return left;
  };
  EXPECT_GE(left_after(100), 15);
  EXPECT_GE(left_after(101), 5);
  EXPECT_LE(left_after(102), 5);
  EXPECT_EQ(left_after(103), 0);
}

}  // namespace
}  // namespace gantry::log::test
