// What is PostgreSQL's own: restarts, locks, time-outs, the settings of a session.
#include <gmock/gmock.h>

#include <thread>

#include "core/sql/pg_session.hpp"
#include "core/sql/pg_url.hpp"
#include "tests/contract/sql/engine.hpp"

namespace gantry::sql::test {
namespace {
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

class Postgresql : public testing::Test {
 protected:
  Postgresql() {
    options_.name = "projections";
    options_.url = tests::postgres().fresh_database();
    options_.writers_max = options_.readers_max = 3;
    options_.wait_max = milliseconds(50);
  }
  ~Postgresql() override {
    database_.reset();
    tests::postgres().start();
    tests::postgres().drop_database(options_.url);
  }
  Database& open() {
    database_ = open_database(options_);
    return *database_;
  }
  // Like the test's own, with `more` behind CREATE DATABASE; its URL.
  std::string other_database(const std::string& name, const std::string& more) {
    tests::postgres().ask(options_.url, "CREATE DATABASE " + name + " TEMPLATE template0 " + more);
    std::string url = options_.url;
    const size_t slash = url.find("@/") + 2;
    return url.replace(slash, url.find('?') - slash, name);
  }
  std::string shown(Session& session, const std::string& setting) {
    std::string found;
    session.query("SHOW " + setting, {}, [&](const Row& row) {
      found = std::get<std::string_view>(row[0]);
      return true;
    });
    return found;
  }
  DatabaseOptions options_;
  std::unique_ptr<Database> database_;
};

TEST_F(Postgresql, SessionsHaveOurSettings) {
  options_.postgresql.statement_timeout = milliseconds(1234);
  const Lease writer = open().writer(), reader = database_->reader();
  EXPECT_EQ(shown(*writer, "client_encoding"), "UTF8");
  EXPECT_EQ(shown(*writer, "application_name"), "gantry");
  EXPECT_EQ(shown(*writer, "statement_timeout"), "1234ms");
  EXPECT_EQ(shown(*writer, "lock_timeout"), "5s");
  EXPECT_EQ(shown(*writer, "idle_in_transaction_session_timeout"), "8s");
  EXPECT_EQ(shown(*reader, "default_transaction_read_only"), "on");
}

TEST_F(Postgresql, RefusesADatabaseThatCannotHoldEveryText) {
  const std::string good = options_.url;
  options_.url = other_database("latin1", "ENCODING 'LATIN1' LOCALE 'C'");
  const Error error = error_of_call([&] { open(); });
  tests::postgres().drop_database(options_.url);
  options_.url = good;
  EXPECT_EQ(error.code(), Code::kInvalid);
  EXPECT_EQ(error.detail(),
            "database 'projections': the encoding of \"latin1\" is LATIN1, which cannot hold every "
            "text; make another: createdb -E UTF8 -T template0 …");
}

TEST_F(Postgresql, IsCalledByItsUrlWithoutThePassword) {
  options_.url.replace(options_.url.find('@'), 1, ":geheim@");
  EXPECT_THAT(open().where(), HasSubstr("postgresql://gantry:***@/test"));
}

TEST_F(Postgresql, SaysWhatARoleLacksThatMayNotMakeTables) {
  tests::postgres().ask(options_.url, "REVOKE ALL ON SCHEMA public FROM PUBLIC");
  tests::postgres().ask(options_.url, "CREATE ROLE guest LOGIN");
  const std::string owner = options_.url;
  options_.url.replace(options_.url.find("gantry@"), 6, "guest");
  open();
  const Error error =
      error_of_call([&] { database_->writer()->exec("CREATE TABLE public.t (a bigint)"); });
  database_.reset();
  options_.url = owner;
  tests::postgres().ask(options_.url, "DROP ROLE guest");
  EXPECT_EQ(error.code(), Code::kInvalid);
  EXPECT_THAT(error.detail(),
              HasSubstr("permission denied for schema public (42501); make the role the owner of "
                        "the database, or grant it CREATE on the schema"));
}

TEST_F(Postgresql, TransactionsAreReadCommittedWhateverTheServerSays) {
  tests::postgres().ask(options_.url,
                        "ALTER ROLE gantry SET default_transaction_isolation = 'serializable'");
  const Lease writer = open().writer();
  EXPECT_EQ(shown(*writer, "transaction_isolation"), "read committed");
  const Transaction transaction(*writer);
  EXPECT_EQ(shown(*writer, "transaction_isolation"), "read committed");
  tests::postgres().ask(options_.url, "ALTER ROLE gantry RESET default_transaction_isolation");
}

TEST_F(Postgresql, HealsAfterARestartWithoutALostRequest) {
  open().writer()->exec("CREATE TABLE t (a bigint)");
  {
    const Lease one = database_->writer(), two = database_->writer(), three = database_->reader();
    one->exec("INSERT INTO t VALUES (1)");
  }
  tests::postgres().restart_immediate();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(database_->writer()->exec("INSERT INTO t VALUES (2)"), 1);
    database_->reader()->query("SELECT a FROM t", {}, [](const Row&) { return true; });
  }
}

TEST_F(Postgresql, IsUnavailableWhileItIsAwayAndComesBack) {
  open().writer()->exec("CREATE TABLE t (a bigint)");
  tests::postgres().stop();
  for (int i = 0; i < 5; ++i) {
    const Error error = error_of_call([&] { database_->writer(); });
    EXPECT_EQ(error.code(), Code::kUnavailable);
    EXPECT_THAT(error.detail(), HasSubstr("database 'projections': connect to PostgreSQL: "));
  }
  tests::postgres().start();
  EXPECT_EQ(database_->writer()->exec("INSERT INTO t VALUES (1)"), 1);
}

TEST_F(Postgresql, LosesTheTransactionThatARestartInterrupts) {
  open().writer()->exec("CREATE TABLE t (a bigint)");
  {
    const Lease writer = database_->writer();
    writer->begin();
    writer->exec("INSERT INTO t VALUES (1)");
    tests::postgres().restart_immediate();
    const Error error = error_of_call([&] { writer->exec("INSERT INTO t VALUES (2)"); });
    EXPECT_EQ(error.code(), Code::kUnavailable) << error.detail();
    EXPECT_NE(error_of_call([&] { writer->commit(); }).code(), Code::kOk);
  }
  EXPECT_EQ(database_->writer()->exec("DELETE FROM t"), 0);
}

TEST_F(Postgresql, ThrowsAwayWhatAnAdministratorEnded) {
  open();
  database_->writer()->exec("SELECT 1");
  tests::postgres().ask(options_.url,
                        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE "
                        "datname = current_database() AND pid <> pg_backend_pid()");
  EXPECT_EQ(error_of_call([&] { database_->writer()->exec("SELECT 1"); }).code(), Code::kOk);
}

TEST_F(Postgresql, CommitSaysThatAFailedTransactionIsNotKept) {
  const Lease writer = open().writer();
  writer->exec("CREATE TABLE t (a bigint PRIMARY KEY)");
  writer->begin();
  writer->exec("INSERT INTO t VALUES (1)");
  EXPECT_EQ(error_of_call([&] { writer->exec("INSERT INTO t VALUES (1)"); }).code(),
            Code::kConflict);
  const Error error = error_of_call([&] { writer->commit(); });
  EXPECT_EQ(error.code(), Code::kInvalid);
  EXPECT_EQ(error.detail(),
            "commit: a statement of this transaction failed, so nothing of it is kept");
  EXPECT_EQ(writer->exec("DELETE FROM t"), 0);
}

TEST_F(Postgresql, SaysConflictForAConstraintThatIsCheckedAtCommit) {
  const Lease writer = open().writer();
  writer->exec("CREATE TABLE t (a bigint UNIQUE DEFERRABLE INITIALLY DEFERRED)");
  writer->begin();
  writer->exec("INSERT INTO t VALUES (1), (1)");
  EXPECT_EQ(error_of_call([&] { writer->commit(); }).code(), Code::kConflict);
}

TEST_F(Postgresql, IsUnavailableWhenALockOrAStatementTakesTooLong) {
  options_.postgresql.lock_timeout = milliseconds(20);
  options_.postgresql.statement_timeout = milliseconds(300);
  open().writer()->exec("CREATE TABLE t (a bigint)");
  const Lease one = database_->writer(), two = database_->writer();
  const Transaction transaction(*one);
  one->exec("LOCK TABLE t");
  const Error lock = error_of_call([&] { two->exec("INSERT INTO t VALUES (1)"); });
  EXPECT_EQ(lock.code(), Code::kUnavailable);
  EXPECT_EQ(lock.detail(), "prepare: canceling statement due to lock timeout (55P03)");
  EXPECT_EQ(error_of_call([&] { two->exec("SELECT pg_sleep(5)"); }).code(), Code::kUnavailable);
}

TEST_F(Postgresql, EndsATransactionThatSleeps) {
  options_.postgresql.idle_in_transaction_timeout = milliseconds(20);
  open();
  {
    const Lease writer = database_->writer();
    writer->begin();
    int64_t backend = 0;
    writer->query("SELECT pg_backend_pid()", {}, [&](const Row& row) {
      backend = std::get<int64_t>(row[0]);
      return true;
    });
    const Lease other = database_->writer();
    for (bool there = true; there;) {  // its session, until the server ends it
      there = false;
      other->query("SELECT pid FROM pg_stat_activity WHERE pid = ?", {backend},
                   [&](const Row&) { return there = true; });
    }
    EXPECT_EQ(error_of_call([&] { writer->exec("SELECT 1"); }).code(), Code::kUnavailable);
  }
  EXPECT_EQ(error_of_call([&] { database_->writer()->exec("SELECT 1"); }).code(), Code::kOk);
}

TEST_F(Postgresql, MigrationsMayTakeLongAndLeaveTheTimeOutsAsTheyWere) {
  options_.postgresql.statement_timeout = milliseconds(100);
  const Lease writer = open().writer();
  writer->begin_migrations();
  EXPECT_NO_THROW(writer->script("SELECT pg_sleep(0.3)"));
  writer->end_migrations();
  EXPECT_EQ(shown(*writer, "statement_timeout"), "100ms");
  EXPECT_EQ(shown(*writer, "lock_timeout"), "5s");
}

TEST_F(Postgresql, PreparesAnewWhenATableWasChangedMeanwhile) {
  const Lease one = open().writer(), two = database_->writer();
  one->exec("CREATE TABLE t (a bigint)");
  one->exec("INSERT INTO t VALUES (7)");
  const auto read = [&] { one->query("SELECT * FROM t", {}, [](const Row&) { return true; }); };
  read();
  two->exec("ALTER TABLE t ADD COLUMN b text");
  EXPECT_EQ(error_of_call(read).code(), Code::kUnavailable);
  EXPECT_EQ(error_of_call(read).code(), Code::kOk);
}

TEST_F(Postgresql, RefusesWhatATextCannotHold) {
  const Lease writer = open().writer();
  writer->exec("CREATE TABLE t (a text)");
  const auto code = [&](std::string_view text) {
    return error_of_call([&] { writer->exec("INSERT INTO t VALUES (?)", {text}); }).code();
  };
  EXPECT_EQ(code(std::string_view("a\0b", 3)), Code::kInvalid);
  EXPECT_EQ(code("\xFF"), Code::kInvalid);
  EXPECT_EQ(code("fine"), Code::kOk);
}

TEST_F(Postgresql, IsNoPlaceForCopy) {
  open();
  database_->writer()->exec("CREATE TABLE t (a text)");
  EXPECT_EQ(error_of_call([&] { database_->writer()->script("COPY t FROM STDIN"); }).code(),
            Code::kInvalid);
  EXPECT_EQ(database_->writer()->exec("INSERT INTO t VALUES ('x')"), 1);
}

TEST_F(Postgresql, GivesItsOwnTypesAsText) {
  const Lease writer = open().writer();
  writer->query(
      "SELECT CAST('2024-01-02' AS date), CAST('{\"a\": 1}' AS jsonb), 12.50, 1e30::numeric, "
      "'infinity'::float8, true, 7::smallint",
      {}, [](const Row& row) {
        EXPECT_EQ(std::get<std::string_view>(row[0]), "2024-01-02");
        EXPECT_EQ(std::get<std::string_view>(row[1]), "{\"a\": 1}");
        EXPECT_EQ(std::get<double>(row[2]), 12.5);
        EXPECT_EQ(std::get<double>(row[3]), 1e30);
        EXPECT_EQ(std::get<double>(row[4]), std::numeric_limits<double>::infinity());
        EXPECT_EQ(std::get<int64_t>(row[5]), 1);
        EXPECT_EQ(std::get<int64_t>(row[6]), 7);
        return true;
      });
}

TEST_F(Postgresql, NeverShowsAPassword) {
  options_.url =
      "postgresql://nobody:geheim@127.0.0.1:" + std::to_string(tests::postgres().port()) +
      "/nowhere";
  options_.postgresql.insecure_transport = true;
  const Error error = error_of_call([&] { open(); });
  EXPECT_EQ(error.code(), Code::kUnavailable);
  EXPECT_THAT(error.detail(), HasSubstr("does not exist"));
  EXPECT_THAT(error.detail(), Not(HasSubstr("geheim")));
  options_.url = tests::postgres().fresh_database();
}

// The private server has no certificate: what must be verified is refused, not spoken in the clear.
TEST_F(Postgresql, SpeaksInTheClearOverTcpOnlyWhenAllowed) {
  const std::string local = options_.url;
  options_.url = tests::postgres().over_tcp(local);
  const Error refused = error_of_call([&] { open(); });
  EXPECT_EQ(refused.code(), Code::kUnavailable);
  EXPECT_THAT(refused.detail(), HasSubstr("switch TLS on there (ssl = on)"));
  EXPECT_THAT(refused.detail(), HasSubstr("storage.postgresql.insecure_transport: true"));
  options_.postgresql.insecure_transport = true;
  EXPECT_EQ(error_of_call([&] { open(); }).code(), Code::kOk);
  database_.reset();
  options_.url = local;
}

}  // namespace
}  // namespace gantry::sql::test
