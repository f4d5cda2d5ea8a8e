// What an asker promises, on every engine.
#include "tests/contract/sql/asking.hpp"

namespace gantry::sql::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kById = "SELECT id, a FROM t WHERE id = ?";

class Asking : public AskingOn {};
GANTRY_ON_EVERY_ENGINE(Asking);

TEST_P(Asking, TellsTheRowsWithTheirTypes) {
  begin();
  database_->writer()->exec(words("CREATE TABLE u (i INTEGER, r REAL, t TEXT, b BLOB) STRICT"));
  const std::string bytes("\0\xff\x7f", 3);
  database_->writer()->exec("INSERT INTO u VALUES (?, ?, ?, ?)",
                            {int64_t{-7}, 2.5, std::string_view("grüße"), Blob{bytes}});
  database_->writer()->exec("INSERT INTO u VALUES (NULL, NULL, '', ?)", {Blob{"zwei"}});
  const Told answer = told_now("SELECT i, r, t, b FROM u ORDER BY i IS NULL");
  EXPECT_EQ(answer.code, Code::kOk) << answer.detail;
  EXPECT_THAT(answer.rows, ElementsAre("i-7|r2500|tgrüße|b" + bytes, "NULL|NULL|t|bzwei"));
}

TEST_P(Asking, TellsWhatASessionWouldHaveRead) {
  begin();
  const std::string_view statement =
      "SELECT count(*), max(a), CAST(? AS BIGINT), id * 1.5, NULL FROM t WHERE id < ? GROUP BY id"
      " ORDER BY id";
  std::vector<std::string> read;
  database_->reader()->query(statement, {int64_t{5}, int64_t{4}}, [&](const Row& row) {
    read.push_back(told({Code::kOk, {}, row.size(), row}).rows.at(0));
    return true;
  });
  EXPECT_EQ(told_now(statement, {int64_t{5}, int64_t{4}}).rows, read);
  EXPECT_EQ(read.size(), 3u);
}

TEST_P(Asking, OwnsWhatItIsGiven) {
  begin();
  {
    std::string statement = "SELECT id FROM t WHERE a = ? AND id = ?";
    std::string value = "x";
    ask(statement, {std::string_view(value), int64_t{9}});
    statement.assign(statement.size(), '#');
    value = "#";
  }
  ASSERT_TRUE(all_told());
  EXPECT_THAT(told_[0].rows, ElementsAre("i9"));
}

TEST_P(Asking, TellsManyAtOnceEachItsOwn) {
  begin();
  for (int64_t i = 0; i < 1000; ++i) ask(kById, {i % 100 + 1});
  EXPECT_THAT(told_, IsEmpty()) << "told before ask() has returned";
  ASSERT_TRUE(all_told());
  for (size_t i = 0; i < 1000; ++i)
    ASSERT_THAT(told_[i].rows, ElementsAre(join("i", i % 100 + 1, "|tx"))) << told_[i].detail;
}

TEST_P(Asking, NoRowIsAnAnswer) {
  begin();
  const Told answer = told_now(kById, {int64_t{101}});
  EXPECT_EQ(answer.code, Code::kOk);
  EXPECT_THAT(answer.rows, IsEmpty());
}

// The faulty ones go out together with the sound ones.
TEST_P(Asking, AFaultOfOneDoesNotHurtItsNeighbours) {
  begin();
  told_now(kById, {int64_t{1}});
  for (int64_t i = 0; i < 20; ++i) {
    ask(kById, {i + 1});
    ask("SELECT nonsense FROM t");
    ask("SELECT id FROM t WHERE id = ?");
    ask("SELECT CAST(a AS BIGINT) / (id - id) FROM t WHERE id = ? AND a IS NULL", {i + 1});
    ask("INSERT INTO t (id, a) VALUES (?, 'y')", {i + 1000});
  }
  ASSERT_TRUE(all_told());
  for (size_t i = 0; i < 20; ++i) {
    const size_t at = 1 + 5 * i;
    EXPECT_THAT(told_[at].rows, ElementsAre(join("i", i + 1, "|tx"))) << told_[at].detail;
    EXPECT_EQ(told_[at + 1].code, Code::kInvalid) << told_[at + 1].detail;
    EXPECT_THAT(told_[at + 1].detail, HasSubstr("nonsense"));
    EXPECT_EQ(told_[at + 2].code, Code::kInvalid) << told_[at + 2].detail;
    EXPECT_EQ(told_[at + 3].code, Code::kOk) << told_[at + 3].detail;
    EXPECT_EQ(told_[at + 4].code, Code::kInvalid) << "an ask wrote";
  }
  EXPECT_THAT(told_now("SELECT count(*) FROM t").rows, ElementsAre("i100"));
}

TEST_P(Asking, MayGoOnFromAnAnswer) {
  begin();
  std::string second;
  asker_->ask(kById, {int64_t{1}}, [&](const Answer& first) {
    EXPECT_EQ(first.code, Code::kOk);
    asker_->ask(kById, {int64_t{2}},
                [&](const Answer& answer) { second = told(answer).rows.at(0); });
  });
  EXPECT_TRUE(loop_.turn_until([&] { return !second.empty(); }));
  EXPECT_EQ(second, "i2|tx");
}

TEST_P(Asking, MoreThanTheBoundAreRefusedAndTheOthersAnswered) {
  options_.asks.asks_max = 10;
  begin();
  for (int64_t i = 0; i < 10; ++i) ask(kById, {i + 1});
  const auto again = [&] { asker_->ask(kById, {int64_t{1}}, [](const Answer&) { FAIL(); }); };
  EXPECT_EQ(error_of_call(again).code(), Code::kExhausted);
  ASSERT_TRUE(all_told());
  for (const auto& [place, answer] : told_) EXPECT_EQ(answer.code, Code::kOk) << answer.detail;
  EXPECT_EQ(told_now(kById, {int64_t{1}}).code, Code::kOk);
}

TEST_P(Asking, WhatIsOutstandingAtTheEndIsToldOnce) {
  begin();
  told_now(kById, {int64_t{1}});
  for (int64_t i = 0; i < 100; ++i) ask(kById, {i + 1});
  asker_.reset();
  EXPECT_EQ(told_.size(), 101u);
  EXPECT_EQ(told_[100].code, Code::kUnavailable);
  EXPECT_EQ(loop_.watches(), 0u);
  EXPECT_EQ(loop_.timers(), 0u);
  workers_.join();
  EXPECT_TRUE(loop_.turn_until([&, turns = 0]() mutable { return ++turns > 3; }));  // late results
}

TEST_P(Asking, WithoutAWorkerForItIsRefused) {
  begin();
  workers_.full = true;
  std::optional<Code> code;
  const auto refused = error_of_call(
      [&] { asker_->ask(kById, {int64_t{1}}, [&](const Answer& answer) { code = answer.code; }); });
  if (refused.code() == Code::kOk) {  // PostgreSQL needs one to connect
    EXPECT_TRUE(loop_.turn_until([&] { return code.has_value(); }));
    EXPECT_EQ(code, Code::kUnavailable);
  } else {
    EXPECT_EQ(refused.code(), Code::kExhausted);
  }
  workers_.full = false;
  workers_.expired = true;
  EXPECT_NE(told_now(kById, {int64_t{1}}).code, Code::kOk);
  workers_.expired = false;
  EXPECT_EQ(told_now(kById, {int64_t{1}}).code, Code::kOk);
}

}  // namespace
}  // namespace gantry::sql::test
