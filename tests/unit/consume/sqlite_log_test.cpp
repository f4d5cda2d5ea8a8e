// Consumers on the real log and its tail: what a process appends, a projection counts.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <thread>

#include "core/log/sqlite_log.hpp"
#include "core/log/tail.hpp"
#include "tests/unit/consume/rig.hpp"

namespace gantry::consume {
namespace {

log::SqliteLogOptions options_in(const std::string& folder) {
  log::SqliteLogOptions options;
  options.url = "sqlite:events.db";
  options.data_dir = folder;
  options.limits.tail_ring_events_max = 256;
  options.synchronous_full = false;
  return options;
}

// A Rig whose consumers read a SQLite log; "events" is the database of that log.
class SqliteRig {
 public:
  SqliteRig()
      : log(log::open_sqlite_log(options_in(rig.folder.path()), rig.clock)),
        tail(*log, {.tail_ring_events_max = 256}),
        source(tail) {
    tail.start();
    renew();
  }
  ~SqliteRig() {
    consumers.reset();
    tail.stop();
    log->stop();
  }

  void renew() {
    consumers.reset();
    consumers.emplace(
        *log, source,
        [this](std::string_view name) -> sql::Database& {
          return name == "events" ? rig.events : rig.projections;
        },
        rig.limits, rig.clock, rig.silent, rig.metrics, "here");
  }

  // One event of that stream, done once for each `command`.
  log::Position add(const std::string& stream, const std::string& command) {
    const log::Outcome outcome =
        log->append_wait({.command = uuid5(Uuid(), command),
                          .meta = "{}",
                          .appends = {{.stream = stream,
                                       .expected = log::kAny,
                                       .events = {{"test.happened.v1", "{}"}}}},
                          .timers_set = {},
                          .timers_cancelled = {},
                          .answer = {}});
    if (outcome.code != Code::kOk) throw Error(outcome.code, outcome.detail);
    return outcome.committed.last;
  }

  Rig rig;
  std::unique_ptr<log::Log> log;
  log::Tail tail;
  TailSource source;
  std::optional<Consumers> consumers;
};

TEST(ConsumersOnSqlite, AProcessAppendsOnceForEachEventAndAProjectionSeesAll) {
  SqliteRig real;
  real.consumers->add("a", real.rig.seen());
  real.consumers->add("a", Process{"answer", {{"ask-*"}}, [&](const log::Event& event) {
                                     real.add(join("answer-", event.version), event.id.text());
                                   }});
  real.consumers->start("a");
  for (int i = 0; i < 100; ++i) real.add("ask-1", join("command ", i));
  ASSERT_TRUE(real.consumers->wait_for("seen", 200, kLong));
  EXPECT_TRUE(real.consumers->wait_for("answer", 200, kLong));
  EXPECT_EQ(real.log->head(), 200);
  EXPECT_EQ(real.rig.rows(), up_to(200));
}

TEST(ConsumersOnSqlite, CatchUpFromBehindTheRing) {
  SqliteRig real;
  for (int i = 0; i < 700; ++i) real.add("a-1", join("command ", i));
  real.consumers->add("a", real.rig.seen());
  real.consumers->start("a");
  ASSERT_TRUE(real.consumers->wait_for("seen", 700, kLong));
  EXPECT_EQ(real.rig.rows(), up_to(700));
}

TEST(ConsumersOnSqlite, LoseNothingWhileTheirOwnerComesAndGoes) {
  constexpr int kRounds = 200, kEventsPerRound = 10;
  SqliteRig real;
  std::mutex mutex;
  std::map<std::string, std::vector<int64_t>> handled;
  real.consumers->add("a", real.rig.seen());
  real.consumers->add("a", Process{"act", {{"*"}}, [&](const log::Event& event) {
                                     const std::lock_guard lock(mutex);
                                     handled[event.stream].push_back(event.version);
                                   }});
  std::atomic<int64_t> allowed =
      0;  // how far the appender may be, so that each round has its share
  int64_t appended = 0;
  std::thread appender([&] {
    for (; appended < kRounds * kEventsPerRound; ++appended) {
      while (appended >= allowed) std::this_thread::yield();
      real.add(join("s-", appended % 7), join("command ", appended));
    }
  });
  bool all_stopped = true;
  for (int i = 0; i < kRounds; ++i) {
    allowed += kEventsPerRound;
    real.consumers->start("a");
    if (i % 2 == 0) real.consumers->wait_for("act", allowed - kEventsPerRound / 2, kLong);
    all_stopped = all_stopped && real.consumers->stop("a", kLong).empty();
  }
  appender.join();
  real.consumers->start("a");
  EXPECT_TRUE(all_stopped);
  ASSERT_TRUE(real.consumers->wait_for("seen", appended, kLong));
  ASSERT_TRUE(real.consumers->wait_for("act", appended, kLong));
  EXPECT_EQ(real.rig.rows(), up_to(appended));
  for (int s = 0; s < 7; ++s) {
    EXPECT_EQ(handled[join("s-", s)], up_to((appended - s + 6) / 7)) << s;
  }
}

}  // namespace
}  // namespace gantry::consume
