// The guards of a timer's claim, which hold whatever the timer thread believes.
#include "core/log/timer_rows.hpp"

#include "core/sql/sqlite_connection.hpp"
#include "tests/contract/log/fixture.hpp"

namespace gantry::log::test {
namespace {
class TimerClaim : public testing::Test {
 protected:
  TimerClaim() {
    open_sqlite(folder_.path(), {}, clock_)->stop();
    connection_.emplace((folder_.path() / "events.db").string(), sql::SqliteOptions{});
    rows_.emplace(connection_->handle());
  }
  DueTimer set(int n, int64_t due) {
    rows_->set({"hold-1", "expiry", Instant(due), "{}"}, command(n));
    return rows_->pending(10).at(0);
  }
  ManualClock clock_;
  Folder folder_;
  std::optional<sql::SqliteConnection> connection_;
  std::optional<TimerRows> rows_;
};

TEST_F(TimerClaim, SucceedsOnce) {
  const DueTimer timer = set(1, 100);
  EXPECT_TRUE(rows_->claim(timer, Instant(100)).has_value());
  EXPECT_FALSE(rows_->claim(timer, Instant(100)).has_value());
}
TEST_F(TimerClaim, IsRefusedAMicrosecondEarly) {
  EXPECT_FALSE(rows_->claim(set(1, 100), Instant(99)).has_value());
}
TEST_F(TimerClaim, IsRefusedWhenTheTimerWasMovedMeanwhile) {
  const DueTimer read = set(1, 100);
  set(2, 50);
  EXPECT_FALSE(rows_->claim(read, Instant(100)).has_value());
}
TEST_F(TimerClaim, IsRefusedWhenTheTimerWasCancelledMeanwhile) {
  const DueTimer read = set(1, 100);
  rows_->cancel({"hold-1", "expiry"});
  EXPECT_FALSE(rows_->claim(read, Instant(100)).has_value());
}
TEST_F(TimerClaim, MakesADifferentEventForEachRevision) {
  const DueTimer first = set(1, 100), second = set(2, 100);
  EXPECT_NE(fired_id(first), fired_id(second));
  EXPECT_EQ(fired_id(first), fired_id(first));
}
}  // namespace
}  // namespace gantry::log::test
