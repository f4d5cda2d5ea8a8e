#include <gmock/gmock.h>

#include <limits>

#include "tests/contract/sql/engine.hpp"

namespace gantry::sql::test {
namespace {
using testing::ElementsAre;

class Sessions : public WithTable {};

TEST_P(Sessions, KeepIntegersExact) {
  for (const int64_t number : {std::numeric_limits<int64_t>::min(), int64_t{-1}, int64_t{0},
                               (int64_t{1} << 53) + 1, std::numeric_limits<int64_t>::max()}) {
    EXPECT_EQ(one<int64_t>("SELECT CAST(? AS BIGINT)", {number}), number);
  }
}

TEST_P(Sessions, KeepRealsExact) {
  for (const double number : {0.1, -1e300, 5e-324, 1e15, 3.0}) {
    EXPECT_EQ(one<double>("SELECT CAST(? AS DOUBLE PRECISION)", {number}), number);
  }
}

TEST_P(Sessions, KeepTextsWithEveryCharacter) {
  std::string all = "\xC3\xA9\xF0\x9F\x8E\xAB\\x41 ? $1 \\";
  for (char c = 1; c > 0 && c < 127; ++c) all += c;
  writer_->exec("INSERT INTO t (id, b) VALUES (1, ?)", {std::string_view(all)});
  EXPECT_EQ(text("SELECT b FROM t"), all);
}

TEST_P(Sessions, KeepBlobsWithEveryByte) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  writer_->exec("INSERT INTO t (id, c) VALUES (1, ?)", {Blob{bytes}});
  std::string found;
  writer_->query("SELECT c FROM t WHERE c = ?", {Blob{bytes}}, [&](const Row& row) {
    found = std::get<Blob>(row[0]).bytes;
    return true;
  });
  EXPECT_EQ(found, bytes);
}

TEST_P(Sessions, TellEmptyFromNull) {
  writer_->exec("INSERT INTO t (id, b, c) VALUES (1, ?, ?)", {std::string_view(), Blob{}});
  writer_->exec("INSERT INTO t (id, b, c) VALUES (2, ?, ?)", {std::monostate(), std::monostate()});
  EXPECT_EQ(one<int64_t>("SELECT id FROM t WHERE b = '' AND c = ?", {Blob{}}), 1);
  EXPECT_EQ(one<int64_t>("SELECT id FROM t WHERE b IS NULL AND c IS NULL"), 2);
  writer_->query("SELECT b, c FROM t WHERE id = 2", {}, [](const Row& row) {
    EXPECT_TRUE(std::holds_alternative<std::monostate>(row[0]));
    EXPECT_TRUE(std::holds_alternative<std::monostate>(row[1]));
    return true;
  });
}

// Where Poco's own dynamic columns give a string.
TEST_P(Sessions, GiveExpressionsTheirType) {
  writer_->exec("INSERT INTO t (id, a, d) VALUES (1, 5, 1.5), (2, 6, 2.5)");
  EXPECT_EQ(one<int64_t>("SELECT count(*) FROM t"), 2);
  EXPECT_EQ(one<int64_t>("SELECT max(a) FROM t"), 6);
  EXPECT_EQ(one<int64_t>("SELECT sum(a) FROM t"), 11);
  EXPECT_EQ(one<int64_t>("SELECT a / 2 FROM t WHERE id = 1"), 2);
  EXPECT_EQ(one<double>("SELECT avg(a) FROM t"), 5.5);
  EXPECT_EQ(one<double>("SELECT avg(a) FROM t WHERE id = 2"), 6.0);
  EXPECT_EQ(one<double>("SELECT sum(d) FROM t"), 4.0);
  EXPECT_EQ(one<int64_t>("SELECT a > 5 FROM t WHERE id = 2"), 1);
}

TEST_P(Sessions, LetAParameterThatIsNullSwitchAFilterOff) {
  writer_->exec("INSERT INTO t (id, a, b) VALUES (1, 5, 'x'), (2, 6, 'y')");
  const auto count = [&](const Value& a, const Value& b) {
    return one<int64_t>(
        "SELECT count(*) FROM t WHERE (? IS NULL OR a >= ?) AND (? IS NULL OR b = ?) AND (? is not "
        "null OR a < 100) AND (? = 1 OR a > 0)",
        {a, a, b, b, a, int64_t{1}});
  };
  EXPECT_EQ(count({}, {}), 2);
  EXPECT_EQ(count(int64_t{6}, {}), 1);
  EXPECT_EQ(count({}, std::string_view("x")), 1);
  EXPECT_EQ(count(int64_t{6}, std::string_view("x")), 0);
}

TEST_P(Sessions, CompareWithNullWhenAskedTo) {
  writer_->exec("INSERT INTO t (id, c) VALUES (1, NULL), (2, ?)", {Blob{"x"}});
  constexpr auto kFind = "SELECT id FROM t WHERE c IS NOT DISTINCT FROM ?";
  EXPECT_EQ(one<int64_t>(kFind, {std::monostate()}), 1);
  EXPECT_EQ(one<int64_t>(kFind, {Blob{"x"}}), 2);
}

TEST_P(Sessions, OrderTextsByTheirBytes) {
  writer_->exec("INSERT INTO t (id, b) VALUES (1, 'b'), (2, 'B'), (3, 'a-b'), (4, 'a b'), (5, ?)",
                {std::string_view("\xC3\xA9")});
  std::vector<int64_t> order;
  writer_->query("SELECT id FROM t ORDER BY b", {}, [&](const Row& row) {
    order.push_back(std::get<int64_t>(row[0]));
    return true;
  });
  EXPECT_THAT(order, ElementsAre(2, 4, 3, 1, 5));
}

TEST_P(Sessions, UnderstandUpsertsAndLimits) {
  constexpr auto kCount =
      "INSERT INTO t (id, a) VALUES (?, 1) ON CONFLICT (id) DO UPDATE SET a = t.a + 1";
  for (int i = 0; i < 3; ++i) EXPECT_EQ(writer_->exec(kCount, {int64_t{7}}), 1);
  EXPECT_EQ(one<int64_t>("SELECT a FROM t ORDER BY id DESC LIMIT ?", {int64_t{1}}), 3);
  EXPECT_EQ(writer_->exec("INSERT INTO t (id) VALUES (7) ON CONFLICT DO NOTHING"), 0);
  EXPECT_EQ(one<int64_t>("UPDATE t SET a = 9 WHERE id = 7 RETURNING a"), 9);
}

TEST_P(Sessions, MatchPrefixesOfWhatIsInLowerCase) {
  writer_->exec("INSERT INTO t (id, b) VALUES (1, 'a_c%'), (2, 'abcd'), (3, 'xabc')");
  constexpr auto kFind = "SELECT count(*) FROM t WHERE b LIKE ? ESCAPE '\\'";
  EXPECT_EQ(one<int64_t>(kFind, {std::string_view("a%")}), 2);
  EXPECT_EQ(one<int64_t>(kFind, {std::string_view("a\\_%")}), 1);
}

TEST_P(Sessions, RebindAKeptStatement) {
  constexpr auto kSame = "SELECT CAST(? AS BIGINT)";
  EXPECT_EQ(one<int64_t>(kSame, {int64_t{1}}), 1);
  one<std::monostate>(kSame, {std::monostate()});
  EXPECT_EQ(one<int64_t>(kSame, {std::string_view("-3")}), -3);
}

TEST_P(Sessions, PrepareEachStatementOnce) {
  const uint64_t before = session().prepared();
  for (int64_t i = 0; i < 50; ++i) writer_->exec("INSERT INTO t (id) VALUES (?)", {i});
  for (int i = 0; i < 50; ++i)
    writer_->query("SELECT a FROM t", {}, [](const Row&) { return true; });
  EXPECT_EQ(session().prepared() - before, 2u);
}

TEST_P(Sessions, KeepABoundedNumberOfStatements) {
  const auto ask = [&](int i) { EXPECT_EQ(one<int64_t>("SELECT " + std::to_string(i)), i); };
  for (int i = 0; i < 256; ++i) ask(i);
  ask(0);
  for (int i = 1000; i < 1200; ++i) ask(i);  // pushes out those not used for longest
  const uint64_t before = session().prepared();
  ask(0);
  EXPECT_EQ(session().prepared(), before);
  ask(1);
  EXPECT_EQ(session().prepared(), before + 1);
}

TEST_P(Sessions, RunTheSameStatementInsideItsOwnRows) {
  writer_->exec("INSERT INTO t (id) VALUES (1), (2), (3)");
  int visits = 0;
  writer_->query("SELECT id FROM t", {}, [&](const Row&) {
    writer_->query("SELECT id FROM t", {}, [&](const Row&) { return ++visits > 0; });
    return true;
  });
  EXPECT_EQ(visits, 9);
}

TEST_P(Sessions, StopAtTheMaximumOfRowsOrWhenToldTo) {
  writer_->exec("INSERT INTO t (id) VALUES (1), (2), (3), (4)");
  int rows = 0;
  writer_->query(
      "SELECT id FROM t", {}, [&](const Row&) { return ++rows > 0; }, 3);
  EXPECT_EQ(rows, 3);
  writer_->query("SELECT id FROM t", {}, [&](const Row&) { return ++rows < 5; });
  EXPECT_EQ(rows, 5);
  EXPECT_EQ(writer_->exec("DELETE FROM t"), 4);  // the statement that was stopped holds no lock
}

TEST_P(Sessions, CountChangedRows) {
  EXPECT_EQ(writer_->exec("INSERT INTO t (id) VALUES (1), (2), (3)"), 3);
  EXPECT_EQ(writer_->exec("UPDATE t SET a = 1 WHERE id > 1"), 2);
  EXPECT_EQ(writer_->exec("UPDATE t SET a = 1 WHERE id > 9"), 0);
  EXPECT_EQ(writer_->exec(words("CREATE TABLE u (a INTEGER)")), 0);
  EXPECT_EQ(writer_->exec("INSERT INTO t (id) VALUES (9) RETURNING id"), 1);
  EXPECT_EQ(writer_->exec("SELECT id FROM t"), 0);
}

TEST_P(Sessions, SurviveAThrowingRowCallback) {
  writer_->exec("INSERT INTO t (id) VALUES (1)");
  EXPECT_THROW(writer_->query("SELECT id FROM t", {}, [](const Row&) -> bool { throw 1; }), int);
  EXPECT_EQ(one<int64_t>("SELECT id FROM t"), 1);
}

TEST_P(Sessions, SayConflictForKeysAndChecks) {
  writer_->exec(words("CREATE TABLE parent (id INTEGER PRIMARY KEY) STRICT"));
  writer_->exec(
      words("CREATE TABLE child (p INTEGER REFERENCES parent (id), n INTEGER CHECK (n >= 0)) "
            "STRICT"));
  writer_->exec("INSERT INTO t (id) VALUES (1)");
  EXPECT_EQ(code_of("INSERT INTO t (id) VALUES (1)"), Code::kConflict);
  EXPECT_EQ(code_of("INSERT INTO child VALUES (7, 1)"), Code::kConflict);
  EXPECT_EQ(code_of("INSERT INTO child VALUES (NULL, -1)"), Code::kConflict);
}

TEST_P(Sessions, SayInvalidForWrongStatementsAndParameters) {
  writer_->exec(words("CREATE TABLE s (a INTEGER NOT NULL) STRICT"));
  EXPECT_EQ(code_of("SELEC 1"), Code::kInvalid);
  EXPECT_EQ(code_of("SELECT * FROM nowhere"), Code::kInvalid);
  EXPECT_EQ(code_of(""), Code::kInvalid);
  EXPECT_EQ(code_of("  -- nothing"), Code::kInvalid);
  EXPECT_EQ(code_of("SELECT 1; DELETE FROM t"), Code::kInvalid);
  EXPECT_EQ(code_of("SELECT ?"), Code::kInvalid);
  EXPECT_EQ(code_of("SELECT ?", {int64_t{1}, int64_t{2}}), Code::kInvalid);
  EXPECT_EQ(code_of("INSERT INTO s VALUES (NULL)"), Code::kInvalid);
  EXPECT_EQ(code_of("INSERT INTO s VALUES ('x')"), Code::kInvalid);
  EXPECT_EQ(code_of("INSERT INTO s VALUES (?)", {std::string_view("x")}), Code::kInvalid);
  EXPECT_EQ(code_of("SELECT 1 ; -- the end"), Code::kOk);
}

TEST_P(Sessions, RollBackUnlessCommitted) {
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

TEST_P(Sessions, HaveOneTransactionAtATime) {
  EXPECT_EQ(error_of_call([&] { writer_->commit(); }).code(), Code::kInvalid);
  writer_->begin();
  EXPECT_EQ(error_of_call([&] { writer_->begin(); }).code(), Code::kInvalid);
  writer_->rollback();
  writer_->rollback();  // nothing to do is no fault
  EXPECT_EQ(code_of("INSERT INTO t (id) VALUES (1)"), Code::kOk);
}

TEST_P(Sessions, MayReadToDecideAndNobodyElseWritesMeanwhile) {
  writer_->exec("INSERT INTO t (id, a) VALUES (1, 5)");
  Transaction transaction(*writer_);
  EXPECT_EQ(
      one<int64_t>(std::string("SELECT a FROM t WHERE id = 1") + std::string(writer_->row_lock())),
      5);
  options_.postgresql.lock_timeout = std::chrono::milliseconds(20);
  const auto other = open_database(options_);
  EXPECT_EQ(error_of_call([&] {
              const Lease lease = other->writer();
              lease->exec("UPDATE t SET a = 6 WHERE id = 1");
            }).code(),
            Code::kUnavailable);
  transaction.commit();
}

class StoppedClock final : public base::Clock {
 public:
  Instant now() const override { return Instant(7); }
  int64_t monotonic_ns() const override { return 7000; }
};

// A server has its own clock, which goes on inside a transaction; a file has its host's.
TEST_P(Sessions, TellTheTimeByWhichLeasesAreJudged) {
  const StoppedClock clock;
  Transaction transaction(*writer_);
  const Instant first = writer_->now(clock), second = writer_->now(clock);
  if (engine() == "sqlite") {
    EXPECT_EQ(second, Instant(7));
  } else {
    EXPECT_GT(first, Instant(1'700'000'000'000'000));
    EXPECT_GT(second, first);
  }
}

GANTRY_ON_EVERY_ENGINE(Sessions);

}  // namespace
}  // namespace gantry::sql::test
