// Moving a log to another engine: every position, version and id stays, and it may be interrupted.
#include "core/log/copy.hpp"

#include "core/log/open_log.hpp"
#include "core/runtime/pause.hpp"
#include "core/sql/checkpoint.hpp"
#include "core/sql/migrations.hpp"
#include "gantry/text.hpp"
#include "tests/contract/log/fixture.hpp"

namespace gantry::log::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

// The engines have clocks of their own: nothing of this comes due on any of them.
constexpr std::chrono::hours kFarAway(24 * 3650);

struct Direction {
  std::string name;
  bool to_postgresql;
};

class Copy : public testing::TestWithParam<Direction> {
 protected:
  Copy() {
    const std::string sqlite = "sqlite:events.db", pg = tests::postgres().fresh_database();
    from_ = options(GetParam().to_postgresql ? sqlite : pg);
    to_ = options(GetParam().to_postgresql ? pg : sqlite);
  }
  LogOptions options(const std::string& url) {
    LogOptions options;
    options.database.name = "events";
    options.database.url = url;
    options.database.data_dir = folder_.path().string();
    return options;
  }
  std::vector<EventPtr> events_of(const LogOptions& options) {
    const auto log = open_log(options, clock_);
    return all(*log);
  }
  void fill(int units) {
    const auto log = open_log(from_, clock_);
    for (int i = 0; i < units; ++i) {
      log->append_wait(unit(
          i, {to("cart-" + std::to_string(i % 7), kAny, 3), to("one-" + std::to_string(i), kAny)}));
    }
    Unit rest = unit(100'000, {to("last-1", kAbsent)});
    rest.timers_set.push_back({"last-1", "later", log->now() + kFarAway, R"({"n":1})"});
    rest.answer = StoredAnswer{
        std::string(32, 's'), std::string(32, 'f'), rest.command, 201, "ETag: \"1\"\r\n", "{}", 0,
        log->now() + kFarAway};
    log->append_wait(rest);
    log->keep_snapshot({"cart-1", 1, 5, "state"});
  }
  // What is said when `what` is refused; "" when it is not.
  template <class F>
  std::string refusal(Code code, F what) {
    try {
      what();
      return {};
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.detail();
      return error.detail();
    }
  }
  void copy() {
    copy_log(from_, to_, clock_, [](const CopyProgress&) {});
  }
  void begin_to_copy() {
    struct Interrupted {};
    int pages = 0;
    EXPECT_THROW(copy_log(from_, to_, clock_,
                          [&](const CopyProgress&) {
                            if (++pages == 2) throw Interrupted{};
                          }),
                 Interrupted);
  }
  LogOptions& on_postgresql() { return GetParam().to_postgresql ? to_ : from_; }
  std::string postgresql_name() const { return GetParam().to_postgresql ? "new" : "old"; }

  ManualClock clock_;
  Folder folder_;
  LogOptions from_, to_;
};
std::ostream& operator<<(std::ostream& out, const Direction& one) { return out << one.name; }
INSTANTIATE_TEST_SUITE_P(Of, Copy,
                         testing::Values(Direction{"SqliteToPostgresql", true},
                                         Direction{"PostgresqlToSqlite", false}),
                         [](const auto& one) { return one.param.name; });

TEST_P(Copy, KeepsEveryPositionVersionAndId) {
  fill(200);
  const Copied copied = copy_log(from_, to_, clock_, [](const CopyProgress&) {});
  const auto before = events_of(from_), after = events_of(to_);
  EXPECT_EQ(copied.events, static_cast<Position>(before.size()));
  ASSERT_EQ(before.size(), after.size());
  for (size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(before[i]->id, after[i]->id);
    EXPECT_EQ(before[i]->stream, after[i]->stream);
    EXPECT_EQ(before[i]->version, after[i]->version);
    EXPECT_EQ(before[i]->recorded_at, after[i]->recorded_at);
    EXPECT_EQ(before[i]->data, after[i]->data);
  }
}

TEST_P(Copy, BringsTimersAnswersAndSnapshotsAlong) {
  fill(1);
  copy_log(from_, to_, clock_, [](const CopyProgress&) {});
  const auto log = open_log(to_, clock_);
  EXPECT_EQ(log->answer(std::string(32, 's')).value().status, 201);
  EXPECT_EQ(log->snapshot("cart-1", 1).value().data, "state");
  // The timer is the same one: setting it again by the command that set it changes nothing.
  const auto engine = open_engine(to_, clock_);
  const auto pending = engine->open_reader()->pending_timers(10);
  ASSERT_EQ(pending.size(), 1u);
  EXPECT_EQ(pending[0].key, "later");
  EXPECT_EQ(pending[0].revision, 1);
}

// Read models may lie in the same database; their rows are not copied, so they begin anew.
TEST_P(Copy, BringsTheCheckpointsOfProcessesAlongAndNotThoseOfProjections) {
  fill(1);
  {
    const auto database = sql::open_database(from_.database);
    const auto session = database->writer();
    sql::migrate(*session, "checkpoint", sql::checkpoint_migrations(database->engine()));
    session->exec(
        "INSERT INTO es_checkpoint (consumer, version, position, updated_at)"
        " VALUES ('expiry', 0, 3, 1), ('view', 1, 4, 1)",
        {});
  }
  copy_log(from_, to_, clock_, [](const CopyProgress&) {});
  std::string consumers;
  sql::open_database(to_.database)
      ->reader()
      ->query("SELECT consumer FROM es_checkpoint", {}, [&](const sql::Row& row) {
        consumers += std::get<std::string_view>(row[0]);
        return true;
      });
  EXPECT_EQ(consumers, "expiry");
}

// More rows than one page of any table, with sizes that differ.
TEST_P(Copy, BringsEveryOtherRowAlongHoweverManyThereAre) {
  constexpr int kMany = 700;
  {
    const auto log = open_log(from_, clock_);
    for (int i = 0; i < kMany; ++i) {
      const std::string name = join("cart-", i);
      Unit one = unit(i, {to(name, kAbsent)});
      one.timers_set.push_back({name, "first", log->now() + kFarAway, R"({"n":1})"});
      one.timers_set.push_back({name, "second", log->now() + kFarAway, R"({"n":2})"});
      one.answer = StoredAnswer{std::string(29, 's') + std::to_string(100 + i),
                                std::string(32, 'f'),
                                one.command,
                                201,
                                "",
                                std::string(static_cast<size_t>(i) * 40, 'b'),
                                0,
                                log->now() + kFarAway};
      log->append(one, [](const Outcome&) {});
    }
    ASSERT_TRUE(reaches(*log, kMany));
    for (int i = 0; i < 40; ++i)
      log->keep_snapshot({join("cart-", i), 1, 1, std::string(600'000, 'x')});
  }
  const auto rows_of = [&](const LogOptions& options) {
    std::string text;
    const auto database = sql::open_database(options.database);
    for (const char* what : {"revision) FROM es_timer WHERE key = 'second'",
                             "length(body)) FROM es_answer", "length(data)) FROM es_snapshot"}) {
      database->reader()->query(join("SELECT count(*), sum(", what), {}, [&](const sql::Row& row) {
        text += join(std::get<int64_t>(row[0]), " rows, ", std::get<int64_t>(row[1]), "; ");
        return true;
      });
    }
    return text;
  };
  std::vector<uint64_t> told;
  const Copied copied = copy_log(from_, to_, clock_, [&](const CopyProgress& now) {
    if (now.other_rows > 0) told.push_back(now.other_rows);
  });
  EXPECT_EQ(copied.other_rows, 3u * kMany + 40u);
  EXPECT_GT(told.size(), 12u) << "in pages";
  EXPECT_EQ(rows_of(to_), rows_of(from_));
  EXPECT_THAT(rows_of(to_), StartsWith("700 rows, 700; 700 rows, 9786000; 40 rows, 24000000; "));
}

TEST_P(Copy, GoesOnWhereItWasInterrupted) {
  fill(1500);  // several pages
  struct Interrupted {};
  int pages = 0;
  EXPECT_THROW(copy_log(from_, to_, clock_,
                        [&](const CopyProgress&) {
                          if (++pages == 3) throw Interrupted{};
                        }),
               Interrupted);
  const Copied copied = copy_log(from_, to_, clock_, [](const CopyProgress&) {});
  EXPECT_GT(copied.found, 0);
  EXPECT_LT(copied.found, copied.events);
  EXPECT_EQ(events_of(to_).size(), static_cast<size_t>(copied.events));
}

TEST_P(Copy, TakesAppendsAfterwardsAsIfNothingHadHappened) {
  fill(20);
  copy_log(from_, to_, clock_, [](const CopyProgress&) {});
  const auto log = open_log(to_, clock_);
  const Position head = log->head();
  EXPECT_TRUE(
      log->append_wait(unit(3, {to("cart-3", kAny, 3), to("one-3", kAny)})).committed.repeated);
  EXPECT_EQ(
      log->append_wait(unit(500'000, {to("cart-1", 9), to("new-1", kAbsent)})).committed.first,
      head + 1);
}

TEST_P(Copy, RefusesALogThatIsNoBeginningOfTheOldOne) {
  fill(3);
  open_log(to_, clock_)->append_wait(unit(900'000, {to("other-1", kAbsent)}));
  try {
    copy_log(from_, to_, clock_, [](const CopyProgress&) {});
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kConflict);
  }
  EXPECT_EQ(events_of(to_).size(), 1u);
}

TEST_P(Copy, IsServedByNobodyUntilItIsFinished) {
  fill(1500);
  begin_to_copy();
  EXPECT_THAT(refusal(Code::kUnavailable, [&] { open_log(to_, clock_); }),
              HasSubstr("a copy into this event log was not finished; run gantry log copy again"));
  copy();
  EXPECT_EQ(events_of(to_).size(), events_of(from_).size());
}

TEST_P(Copy, IsNotCopiedOnUntilItIsFinished) {
  fill(1500);
  begin_to_copy();
  from_ = to_;
  to_ = options("sqlite:third.db");
  EXPECT_THAT(refusal(Code::kUnavailable, [&] { copy(); }),
              HasSubstr("the old log: a copy into this event log was not finished"));
}

TEST_P(Copy, NeitherMakesNorMigratesTheOldLog) {
  EXPECT_THAT(
      refusal(GetParam().to_postgresql ? Code::kUnavailable : Code::kInvalid, [&] { copy(); }),
      StartsWith("the old log: "));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "events.db"));
  if (GetParam().to_postgresql) return;
  EXPECT_EQ(tests::postgres().ask(from_.database.url,
                                  "SELECT count(*) FROM pg_tables WHERE "
                                  "schemaname = 'public'"),
            "0");
}

TEST_P(Copy, SaysThatTheOldDatabaseHasNoLog) {
  sql::open_database(from_.database);  // made, and empty
  EXPECT_THAT(
      refusal(Code::kInvalid, [&] { copy(); }),
      HasSubstr(join("the old log: there is no event log in ",
                     GetParam().to_postgresql ? folder_.path().string() : "postgresql://")));
}

TEST_P(Copy, RefusesOneDatabaseUnderTwoUrls) {
  fill(1);
  to_ = from_;
  if (!GetParam().to_postgresql) {
    to_.database.url = tests::postgres().over_tcp(from_.database.url);
    to_.database.postgresql.insecure_transport = true;
  }
  EXPECT_EQ(refusal(Code::kInvalid, [&] { copy(); }),
            "the old log and the new one are the same database");
}

TEST_P(Copy, RefusesALogInPostgresqlThatSomebodyServes) {
  fill(1);
  open_log(to_, clock_);  // makes it
  const auto served = open_log(on_postgresql(), clock_), shared = open_log(on_postgresql(), clock_);
  EXPECT_THAT(refusal(Code::kUnavailable, [&] { copy(); }),
              AllOf(HasSubstr(join("the ", postgresql_name(),
                                   " log: it is in use by gantry (PostgreSQL process ")),
                    HasSubstr("; stop that first")));
}

TEST_P(Copy, RefusesALogThatIsServedStillAfterItsConnectionsWereCut) {
  fill(1);
  open_log(to_, clock_);  // makes it
  const auto served = open_log(on_postgresql(), clock_);
  const auto ask = [&](const std::string& sql) {
    return tests::postgres().ask(
        on_postgresql().database.url,
        join("SELECT ", sql, " FROM pg_locks WHERE locktype = 'advisory' AND objid = 1"));
  };
  const std::string cut = ask("array_agg(pid)");
  ask("count(pg_terminate_backend(pid))");
  const std::string back = join("count(*) FILTER (WHERE pid <> ALL ('", cut, "'))");
  for (int i = 0; i < 100 && ask(back) == "0"; ++i) runtime::pause(std::chrono::milliseconds(100));
  EXPECT_THAT(refusal(Code::kUnavailable, [&] { copy(); }), HasSubstr("it is in use by gantry"));
}

// Its connection ends and takes the lock along: a server may have come and gone since.
TEST_P(Copy, IsOverWhenItHasNotHadTheLogAloneAllTheTime) {
  fill(1);
  const auto cut = [&] {
    tests::postgres().ask(on_postgresql().database.url,
                          "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks"
                          " WHERE locktype = 'advisory' AND objid = 1");
  };
  EXPECT_THAT(refusal(Code::kUnavailable,
                      [&] {
                        copy_log(from_, to_, clock_, [&](const CopyProgress& now) {
                          if (now.copied == now.total && now.other_rows == 0) cut();
                        });
                      }),
              HasSubstr(join("the ", postgresql_name(),
                             " log: the connection that kept everybody else away has ended")));
  copy();  // the next one goes on
  EXPECT_EQ(events_of(to_).size(), events_of(from_).size());
}

TEST_P(Copy, KeepsServersOffPostgresqlWhileItRuns) {
  fill(1);
  std::string said;
  copy_log(from_, to_, clock_, [&](const CopyProgress& now) {
    if (now.copied == 0)
      said = refusal(Code::kUnavailable, [&] { open_log(on_postgresql(), clock_); });
  });
  EXPECT_THAT(said, HasSubstr("the event log is being copied by gantry (PostgreSQL process "));
}

}  // namespace
}  // namespace gantry::log::test
