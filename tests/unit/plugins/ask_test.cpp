// ask() of the table gantry.sql/1 as a plugin calls it.
#include "core/plugins/context.hpp"
#include "tests/unit/plugins/fakes.hpp"
#include "tests/unit/plugins/loop_thread.hpp"

namespace gantry::plugins {
namespace {

Manifest reader() {
  Manifest manifest;
  manifest.id = "acme";
  manifest.needs.push_back({GANTRY_SQL_ID, 0});
  return manifest;
}

class Ask : public testing::Test {
 protected:
  Ask() {
    bench_.projections->writer()->script(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b BLOB, r REAL) STRICT;"
        "INSERT INTO t VALUES (1, 'one', x'00ff', 1.5), (2, NULL, NULL, NULL)");
    bench_.ports.askers = &held_.askers;
  }
  const gantry_sql& sql() { return *static_cast<const gantry_sql*>(context_.table(GANTRY_SQL_ID)); }

  gantry_rc ask_here(std::string_view statement, std::vector<gantry_sql_value> values = {},
                     std::string_view database = "projections", gantry_answered done = &told) {
    why_.clear();
    return sql().ask(sql().self, abi(database), abi(statement), values.data(),
                     static_cast<uint32_t>(values.size()), this, done, &sink_);
  }
  template <class... Arguments>
  gantry_rc ask(const Arguments&... arguments) {
    gantry_rc rc = GANTRY_OK;
    held_.loop.run([&] { rc = ask_here(arguments...); });
    return rc;
  }

  static void told(void* state, gantry_rc rc, const gantry_sql_rows* rows, gantry_str why) {
    auto& self = *static_cast<Ask*>(state);
    std::string text = join(rc, " ", view(why));
    for (uint64_t i = 0; i < rows->count * rows->columns; ++i) {
      const gantry_sql_value& value = rows->values[i];
      text += join(i % rows->columns == 0 ? " / " : ", ", value.type, ":", value.integer, ":",
                   static_cast<int>(value.real * 10), ":", view(value.bytes).size());
    }
    self.told_.push_back(std::move(text));
    self.on_its_loop_ = runtime::this_loop() == &self.held_.loop;
  }

  Bench bench_;
  HeldAskers held_{bench_.clock, *bench_.projections};
  SeriesTable series_{"acme", bench_.metrics, 4};
  Context context_{bench_.ports, reader(), "{}", series_};
  std::vector<std::string> told_;  // the loop's; read when it has nothing to do
  bool on_its_loop_ = false;
  std::string why_;
  gantry_sink sink_{&why_, [](void* self, gantry_str bytes) noexcept {
                      static_cast<std::string*>(self)->append(bytes.data, bytes.size);
                    }};
};

TEST_F(Ask, TellsOnItsLoopAndIsCountedUntilThen) {
  const gantry_sql_value id{GANTRY_SQL_INTEGER, 0, 2, 0, {}};
  const std::vector<gantry_sql_value> values = {id};
  EXPECT_EQ(ask("SELECT id, a, b, r FROM t WHERE id <= ? ORDER BY id", values), GANTRY_OK);
  EXPECT_EQ(ask("SELECT id FROM t WHERE id = 3"), GANTRY_OK);
  EXPECT_EQ(context_.asks.count(), 2u);
  EXPECT_THAT(told_, testing::IsEmpty());
  held_.release();
  EXPECT_THAT(told_, testing::ElementsAre(
                         "0  / 1:1:0:0, 3:0:0:3, 4:0:0:2, 2:0:15:0 / 1:2:0:0, 0:0:0:0, 0:0:0:0,"
                         " 0:0:0:0",
                         "0 "));
  EXPECT_TRUE(on_its_loop_);
  EXPECT_EQ(context_.asks.count(), 0u);
}

TEST_F(Ask, TellsWhatIsWrongWithTheStatement) {
  EXPECT_EQ(ask("SELECT nonsense FROM t"), GANTRY_OK);
  EXPECT_EQ(ask("DELETE FROM t"), GANTRY_OK);
  held_.release();
  ASSERT_EQ(told_.size(), 2u);
  EXPECT_THAT(told_[0], testing::HasSubstr("1 prepare: no such column: nonsense"));
  EXPECT_THAT(told_[1], testing::StartsWith("1 "));
}

TEST_F(Ask, RefusesAtOnceWhatCannotBeAsked) {
  EXPECT_EQ(ask_here("SELECT 1"), GANTRY_DENIED) << "not on a loop";
  EXPECT_EQ(why_, "ask is for event loops; use query on a worker");
  const std::vector<gantry_sql_value> none, odd = {{77, 0, 0, 0, {}}};
  EXPECT_EQ(ask("SELECT 1", none, "events"), GANTRY_NOT_FOUND);
  EXPECT_EQ(ask("SELECT ?", odd), GANTRY_INVALID);
  EXPECT_EQ(ask("SET search_path = x"), GANTRY_DENIED);
  held_.queue_max = 1;
  EXPECT_EQ(ask("SELECT 1"), GANTRY_OK);
  EXPECT_EQ(ask("SELECT 1"), GANTRY_EXHAUSTED);
  EXPECT_EQ(context_.asks.count(), 1u);
  held_.release();
  EXPECT_EQ(told_.size(), 1u);
  EXPECT_EQ(context_.asks.count(), 0u);
  context_.close();
  EXPECT_EQ(ask("SELECT 1"), GANTRY_STALE);
}

TEST_F(Ask, AThrowingCallbackIsReportedAndTheLoopGoesOn) {
  const std::vector<gantry_sql_value> none;
  const gantry_answered throws = [](void*, gantry_rc, const gantry_sql_rows*, gantry_str) {
    throw std::runtime_error("oh");
  };
  EXPECT_EQ(ask("SELECT 1", none, "projections", throws), GANTRY_OK);
  held_.release();
  EXPECT_EQ(bench_.log.count("function=sql.ask error=oh"), 1u);
  EXPECT_EQ(context_.asks.count(), 0u);
}

TEST_F(Ask, WhatIsOutstandingWhenTheServerStopsIsToldOnce) {
  EXPECT_EQ(ask("SELECT 1"), GANTRY_OK);
  held_.askers.close();
  EXPECT_THAT(told_, testing::ElementsAre("4 the server stops"));
  EXPECT_EQ(context_.asks.count(), 0u);
  EXPECT_EQ(ask("SELECT 1"), GANTRY_UNAVAILABLE);
  held_.release();  // too late
  EXPECT_EQ(told_.size(), 1u);
}

}  // namespace
}  // namespace gantry::plugins
