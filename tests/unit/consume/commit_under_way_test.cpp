// The connection is lost during a commit, and the server is still at it: slow to reach its disk, or
// waiting for a standby. Only on PostgreSQL: on SQLite nobody else begins a transaction until then.
#include <gtest/gtest.h>

#include <future>

#include "tests/unit/consume/rig.hpp"

namespace gantry::consume {
namespace {

constexpr const char* kOwner = "plugin";

class CommitUnderWayTest : public testing::Test {
 protected:
  // From here on, until the test commits what this promises. The first commit takes the lease.
  std::future<sql::Lease> second_commit_is_cut_off(FaultyDatabase& database) {
    auto kept = std::make_shared<std::promise<sql::Lease>>();  // second owner: the database
    std::future<sql::Lease> promised = kept->get_future();
    database.faults.on_commit = [kept, n = 0](sql::Lease& real) mutable {
      if (++n != 2) return real->commit();
      real->script("SET LOCAL idle_in_transaction_session_timeout = 0");
      kept->set_value(std::move(real));
      throw Error(Code::kUnavailable, "the connection was lost");
    };
    return promised;
  }

  int64_t ask(FaultyDatabase& database, std::string_view what) {
    int64_t answer = 0;
    database.reader()->query(join("SELECT ", what,
                                  " FROM pg_stat_activity WHERE datname = current_database() "
                                  "AND wait_event_type = 'Lock'"),
                             {}, [&](const sql::Row& row) {
                               answer = std::get<int64_t>(row[0]);
                               return true;
                             });
    return answer;
  }
  bool somebody_waits(FaultyDatabase& database) {
    return rig.eventually([&] { return ask(database, "count(*)") > 0; });
  }
  // As when it has waited too long.
  bool whoever_waits_gives_up(FaultyDatabase& database, const std::string& consumer) {
    return rig.eventually([&] {
      ask(database, "count(pg_cancel_backend(pid))");
      return rig.status(consumer).reason.find("user request") != std::string::npos;
    });
  }

  void start_projection() {
    rig.consumers->add(kOwner, rig.seen());
    rig.log.add("a-1");
    rig.consumers->start(kOwner);
  }
  void start_process() {
    rig.consumers->add(kOwner,
                       Process{"settle", {{"*"}}, [this](const log::Event&) { ++handled; }});
    rig.log.add("a-1");
    rig.consumers->start(kOwner);
  }
  bool process_stores(log::Position position) {
    return rig.eventually(
        [&] { return rig.checkpoint(rig.events, "settle", 0).position == position; });
  }

  std::atomic<int> handled = 0;
  Rig rig;
};

TEST_F(CommitUnderWayTest, AProjectionWaitsForItAndDoesNotApplyTheBatchAgain) {
  auto cut_off = second_commit_is_cut_off(rig.projections);
  start_projection();
  const sql::Lease server = cut_off.get();
  ASSERT_TRUE(somebody_waits(rig.projections));
  server->commit();
  rig.log.add("a-1");
  ASSERT_TRUE(rig.consumers->wait_for("seen", 2, kLong)) << rig.status("seen").reason;
  EXPECT_EQ(rig.rows(), up_to(2));
}

TEST_F(CommitUnderWayTest, AProjectionThatWaitedTooLongAsksAgain) {
  auto cut_off = second_commit_is_cut_off(rig.projections);
  start_projection();
  const sql::Lease server = cut_off.get();
  ASSERT_TRUE(whoever_waits_gives_up(rig.projections, "seen"));
  ASSERT_TRUE(somebody_waits(rig.projections));
  server->commit();
  rig.log.add("a-1");
  ASSERT_TRUE(rig.consumers->wait_for("seen", 2, kLong)) << rig.status("seen").reason;
  EXPECT_EQ(rig.rows(), up_to(2));
}

TEST_F(CommitUnderWayTest, AProjectionAppliesTheBatchAgainWhenItIsTakenBack) {
  auto cut_off = second_commit_is_cut_off(rig.projections);
  start_projection();
  const sql::Lease server = cut_off.get();
  ASSERT_TRUE(somebody_waits(rig.projections));
  server->rollback();
  ASSERT_TRUE(rig.consumers->wait_for("seen", 1, kLong)) << rig.status("seen").reason;
  EXPECT_EQ(rig.rows(), up_to(1));
}

TEST_F(CommitUnderWayTest, AProcessWaitsForItAndGoesOn) {
  auto cut_off = second_commit_is_cut_off(rig.events);
  start_process();
  const sql::Lease server = cut_off.get();
  ASSERT_TRUE(somebody_waits(rig.events));
  server->commit();
  rig.log.add("a-1");
  ASSERT_TRUE(process_stores(2)) << rig.status("settle").reason;
  EXPECT_EQ(handled, 2);
}

}  // namespace
}  // namespace gantry::consume
