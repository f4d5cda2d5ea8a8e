#include "core/sql/sqlite_session.hpp"

#include <gmock/gmock.h>

#include <limits>

#include "tests/unit/sql/database_folder.hpp"

namespace gantry::sql::test {
namespace {
using testing::HasSubstr;

class Sessions : public WithDatabase {
 protected:
  Sessions() : writer_(open().writer()) {
    writer_->exec(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT, c BLOB, d REAL) STRICT");
  }
  // The one value of a one-column, one-row query, copied.
  template <class T>
  T one(std::string_view statement, const Values& values = {}) {
    T found{};
    writer_->query(statement, values, [&](const Row& row) {
      EXPECT_TRUE(std::holds_alternative<T>(row[0])) << "index " << row[0].index();
      if (const auto* value = std::get_if<T>(&row[0])) found = *value;
      return true;
    });
    return found;
  }
  std::string text(std::string_view statement, const Values& values = {}) {
    std::string found;
    writer_->query(statement, values, [&](const Row& row) {
      found = std::get<std::string_view>(row.at(0));
      return true;
    });
    return found;
  }
  Lease writer_;
};

TEST_F(Sessions, KeepIntegersExact) {
  for (const int64_t number : {std::numeric_limits<int64_t>::min(), int64_t{-1}, int64_t{0},
                               (int64_t{1} << 53) + 1, std::numeric_limits<int64_t>::max()}) {
    EXPECT_EQ(one<int64_t>("SELECT ?", {number}), number);
  }
}

TEST_F(Sessions, KeepTextsWithEveryByte) {
  const std::string all("\0a\0\xC3\xA9'\"\n", 8);
  writer_->exec("INSERT INTO t (id, b) VALUES (1, ?)", {std::string_view(all)});
  EXPECT_EQ(text("SELECT b FROM t"), all);
  EXPECT_EQ(one<int64_t>("SELECT length(CAST(b AS BLOB)) FROM t"), 8);
}

TEST_F(Sessions, KeepBlobsWithEveryByte) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  writer_->exec("INSERT INTO t (id, c) VALUES (1, ?)", {Blob{bytes}});
  std::string found;
  writer_->query("SELECT c FROM t", {}, [&](const Row& row) {
    found = std::get<Blob>(row[0]).bytes;
    return true;
  });
  EXPECT_EQ(found, bytes);
}

TEST_F(Sessions, TellEmptyFromNull) {
  writer_->exec("INSERT INTO t (id, b, c) VALUES (1, ?, ?)", {std::string_view(), Blob{}});
  writer_->exec("INSERT INTO t (id, b, c) VALUES (2, ?, ?)", {std::monostate(), std::monostate()});
  EXPECT_EQ(one<int64_t>("SELECT id FROM t WHERE b = '' AND c = x''"), 1);
  EXPECT_EQ(one<int64_t>("SELECT id FROM t WHERE b IS NULL AND c IS NULL"), 2);
  writer_->query("SELECT b FROM t WHERE id = 2", {}, [](const Row& row) {
    EXPECT_TRUE(std::holds_alternative<std::monostate>(row[0]));
    return true;
  });
}

TEST_F(Sessions, KeepRealsExact) { EXPECT_EQ(one<double>("SELECT ?", {0.1}), 0.1); }

// Where Poco's own dynamic columns give a string.
TEST_F(Sessions, GiveExpressionsTheirType) {
  writer_->exec("INSERT INTO t (id, a, d) VALUES (1, 5, 1.5), (2, 6, 2.5)");
  EXPECT_EQ(one<int64_t>("SELECT count(*) FROM t"), 2);
  EXPECT_EQ(one<int64_t>("SELECT max(a) FROM t"), 6);
  EXPECT_EQ(one<double>("SELECT sum(d) FROM t"), 4.0);
}

TEST_F(Sessions, RebindAKeptStatementToOtherKinds) {
  EXPECT_EQ(one<int64_t>("SELECT ?", {int64_t{1}}), 1);
  EXPECT_EQ(text("SELECT ?", {std::string_view("x")}), "x");
  EXPECT_EQ(one<double>("SELECT ?", {2.5}), 2.5);
}

TEST_F(Sessions, PrepareEachStatementOnce) {
  SqliteSession session(options_.data_dir + "/other.db", {});
  session.exec("CREATE TABLE t (a INTEGER)", {});
  const uint64_t before = session.prepared();
  for (int64_t i = 0; i < 50; ++i) session.exec("INSERT INTO t VALUES (?)", {i});
  for (int i = 0; i < 50; ++i)
    session.query(
        "SELECT a FROM t", {}, [](const Row&) { return true; }, 0);
  EXPECT_EQ(session.prepared() - before, 2u);
}

TEST_F(Sessions, KeepABoundedNumberOfStatements) {
  SqliteSession session(options_.data_dir + "/other.db", {});
  const auto ask = [&](int i) {
    session.query(
        "SELECT " + std::to_string(i), {}, [](const Row&) { return true; }, 0);
  };
  for (int i = 0; i < 256; ++i) ask(i);
  ask(0);
  for (int i = 1000; i < 1200; ++i) ask(i);  // pushes out those not used for longest
  const uint64_t before = session.prepared();
  ask(0);
  EXPECT_EQ(session.prepared(), before);
  ask(1);
  EXPECT_EQ(session.prepared(), before + 1);
}

TEST_F(Sessions, RunTheSameStatementInsideItsOwnRows) {
  writer_->exec("INSERT INTO t (id) VALUES (1), (2), (3)");
  int visits = 0;
  writer_->query("SELECT id FROM t", {}, [&](const Row&) {
    writer_->query("SELECT id FROM t", {}, [&](const Row&) { return ++visits > 0; });
    return true;
  });
  EXPECT_EQ(visits, 9);
}

TEST_F(Sessions, StopAtTheMaximumOfRowsOrWhenToldTo) {
  writer_->exec("INSERT INTO t (id) VALUES (1), (2), (3), (4)");
  int rows = 0;
  writer_->query(
      "SELECT id FROM t", {}, [&](const Row&) { return ++rows > 0; }, 3);
  EXPECT_EQ(rows, 3);
  writer_->query("SELECT id FROM t", {}, [&](const Row&) { return ++rows < 5; });
  EXPECT_EQ(rows, 5);
  EXPECT_EQ(writer_->exec("DELETE FROM t"), 4);  // the statement that was stopped holds no lock
}

TEST_F(Sessions, CountChangedRows) {
  EXPECT_EQ(writer_->exec("INSERT INTO t (id) VALUES (1), (2), (3)"), 3);
  EXPECT_EQ(writer_->exec("UPDATE t SET a = 1 WHERE id > 1"), 2);
  EXPECT_EQ(writer_->exec("UPDATE t SET a = 1 WHERE id > 9"), 0);
  EXPECT_EQ(writer_->exec("CREATE TABLE u (a)"), 0);
  EXPECT_EQ(writer_->exec("INSERT INTO t (id) VALUES (9) RETURNING id"), 1);
}

TEST_F(Sessions, SurviveAThrowingRowCallback) {
  writer_->exec("INSERT INTO t (id) VALUES (1)");
  EXPECT_THROW(writer_->query("SELECT id FROM t", {}, [](const Row&) -> bool { throw 1; }), int);
  EXPECT_EQ(one<int64_t>("SELECT id FROM t"), 1);
}

TEST_F(Sessions, SayConflictForKeysAndChecks) {
  writer_->exec("CREATE TABLE parent (id INTEGER PRIMARY KEY) STRICT");
  writer_->exec(
      "CREATE TABLE child (p INTEGER REFERENCES parent (id), n INTEGER CHECK (n >= 0)) STRICT");
  writer_->exec("INSERT INTO t (id) VALUES (1)");
  const auto code = [&](std::string_view statement) {
    return error_of_call([&] { writer_->exec(statement); }).code();
  };
  EXPECT_EQ(code("INSERT INTO t (id) VALUES (1)"), Code::kConflict);
  EXPECT_EQ(code("INSERT INTO child VALUES (7, 1)"), Code::kConflict);
  EXPECT_EQ(code("INSERT INTO child VALUES (NULL, -1)"), Code::kConflict);
}

TEST_F(Sessions, SayInvalidForWrongStatementsAndParameters) {
  writer_->exec("CREATE TABLE s (a INTEGER NOT NULL) STRICT");
  const auto code = [&](std::string_view statement, const Values& values = {}) {
    return error_of_call([&] { writer_->exec(statement, values); }).code();
  };
  EXPECT_EQ(code("SELEC 1"), Code::kInvalid);
  EXPECT_EQ(code("SELECT * FROM nowhere"), Code::kInvalid);
  EXPECT_EQ(code(""), Code::kInvalid);
  EXPECT_EQ(code("  -- nothing"), Code::kInvalid);
  EXPECT_EQ(code("SELECT 1; DELETE FROM t"), Code::kInvalid);
  EXPECT_EQ(code("SELECT ?"), Code::kInvalid);
  EXPECT_EQ(code("SELECT ?", {int64_t{1}, int64_t{2}}), Code::kInvalid);
  EXPECT_EQ(code("INSERT INTO s VALUES (NULL)"), Code::kInvalid);
  EXPECT_EQ(code("INSERT INTO s VALUES ('x')"), Code::kInvalid);
  EXPECT_EQ(code("SELECT 1 ; -- the end"), Code::kOk);
}

TEST_F(Sessions, SayUnavailableWhenAnotherProcessHoldsTheLock) {
  SqliteSession other(options_.data_dir + "/read.db",
                      {.busy_timeout = std::chrono::milliseconds(1)});
  const Transaction mine(*writer_);
  const Error error = error_of_call([&] { other.begin(); });
  EXPECT_EQ(error.code(), Code::kUnavailable);
  EXPECT_THAT(error.detail(), HasSubstr("locked"));
}

TEST_F(Sessions, SayUnavailableWhenTheFileIsFull) {
  writer_->script("PRAGMA max_page_count = 12");
  const std::string big(100'000, 'x');
  const Error error = error_of_call(
      [&] { writer_->exec("INSERT INTO t (id, b) VALUES (1, ?)", {std::string_view(big)}); });
  EXPECT_EQ(error.code(), Code::kUnavailable);
  writer_->script("PRAGMA max_page_count = 1000");
  EXPECT_EQ(writer_->exec("INSERT INTO t (id, b) VALUES (1, ?)", {std::string_view(big)}), 1);
}

TEST_F(Sessions, RollBackUnlessCommitted) {
  {
    Transaction left(*writer_);
    writer_->exec("INSERT INTO t (id) VALUES (1)");
  }
  {
    Transaction kept(*writer_);
    writer_->exec("INSERT INTO t (id) VALUES (2)");
    kept.commit();
  }
  EXPECT_EQ(one<int64_t>("SELECT sum(id) FROM t"), 2);
}

TEST_F(Sessions, SpeakToADurableWriteAheadLogWithForeignKeys) {
  EXPECT_EQ(text("PRAGMA journal_mode"), "wal");
  EXPECT_EQ(one<int64_t>("PRAGMA synchronous"), 2);
  EXPECT_EQ(one<int64_t>("PRAGMA foreign_keys"), 1);
}
}  // namespace
}  // namespace gantry::sql::test
