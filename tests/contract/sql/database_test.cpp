#include "core/sql/database.hpp"

#include <gmock/gmock.h>

#include <thread>

#include "tests/contract/sql/engine.hpp"

namespace gantry::sql::test {
namespace {

class Databases : public OnEngine {
 protected:
  static int64_t count(Session& session) {
    int64_t found = -1;
    session.query("SELECT count(*) FROM t", {}, [&](const Row& row) {
      found = std::get<int64_t>(row[0]);
      return true;
    });
    return found;
  }
};

TEST_P(Databases, HaveANameAndAnEngine) {
  open();
  EXPECT_EQ(database_->engine(), GetParam());
  EXPECT_EQ(database_->name(), "projections");
}

TEST_P(Databases, ReadersSeeWhatTheWriterCommitted) {
  open().writer()->exec(words("CREATE TABLE t (a INTEGER)"));
  const Lease writer = database_->writer(), reader = database_->reader();
  Transaction transaction(*writer);
  writer->exec("INSERT INTO t VALUES (1)");
  EXPECT_EQ(count(*reader), 0);
  transaction.commit();
  EXPECT_EQ(count(*reader), 1);
}

TEST_P(Databases, ATransactionOfAReaderSeesOneState) {
  open().writer()->exec(words("CREATE TABLE t (a INTEGER)"));
  const Lease reader = database_->reader();
  Transaction transaction(*reader);
  EXPECT_EQ(count(*reader), 0);
  database_->writer()->exec("INSERT INTO t VALUES (1)");
  EXPECT_EQ(count(*reader), 0);
  transaction.commit();
  EXPECT_EQ(count(*reader), 1);
}

TEST_P(Databases, ReadersDoNotWrite) {
  open().writer()->exec(words("CREATE TABLE t (a INTEGER)"));
  const Lease reader = database_->reader();
  const Error error = error_of_call([&] { reader->exec("INSERT INTO t VALUES (1)"); });
  EXPECT_EQ(error.code(), Code::kInvalid);
  EXPECT_EQ(error.detail(), "this session only reads; take the writer");
  EXPECT_EQ(count(*reader), 0);
}

TEST_P(Databases, HaveABoundedNumberOfWriters) {
  open();
  std::vector<Lease> all;
  const int max = GetParam() == "sqlite" ? 1 : 3;
  for (int i = 0; i < max; ++i) all.push_back(database_->writer());
  const Error error = error_of_call([&] { database_->writer(); });
  EXPECT_EQ(error.code(), Code::kExhausted);
  EXPECT_EQ(error.detail(),
            "database 'projections': all " + std::to_string(max) + " writers were busy for 20 ms");
  all.pop_back();
  EXPECT_NE(database_->writer(), nullptr);
}

TEST_P(Databases, HaveABoundedNumberOfReaders) {
  options_.readers_max = 2;
  open();
  Lease one = database_->reader(), two = database_->reader();
  EXPECT_EQ(error_of_call([&] { database_->reader(); }).code(), Code::kExhausted);
  two.reset();
  EXPECT_NE(database_->reader(), nullptr);
}

TEST_P(Databases, NeedAtLeastOneReader) {
  options_.readers_max = 0;
  EXPECT_EQ(error_of_call([&] { open(); }).detail(), "readers_max must be at least 1");
}

TEST_P(Databases, WaitForAWriterThatComesBack) {
  options_.wait_max = std::chrono::seconds(10);
  options_.writers_max = 1;
  open();
  auto held = std::make_optional(database_->writer());
  std::thread waiter([&] { EXPECT_NE(database_->writer(), nullptr); });
  held.reset();
  waiter.join();
}

TEST_P(Databases, EndATransactionThatWasLeftOpen) {
  open();
  database_->writer()->exec(words("CREATE TABLE t (a INTEGER)"));
  {
    const Lease careless = database_->writer();
    careless->begin();
    careless->exec("INSERT INTO t VALUES (1)");
  }
  EXPECT_EQ(count(*database_->writer()), 0);
}

TEST_P(Databases, UseTheirSessionsAgain) {
  open().writer()->exec("SELECT 1");
  for (int i = 0; i < 3; ++i) {
    const Lease writer = database_->writer();
    writer->exec("SELECT 1");
    EXPECT_EQ(static_cast<PooledSession&>(*writer).prepared(), 1u);
  }
}

TEST_P(Databases, ServeManyThreads) {
  options_.wait_max = std::chrono::seconds(10);
  options_.busy_timeout = std::chrono::seconds(10);
  open().writer()->exec(words("CREATE TABLE t (a INTEGER)"));
  std::vector<std::thread> threads;
  for (int n = 0; n < 6; ++n) {
    threads.emplace_back([&] {
      for (int64_t i = 0; i < 20; ++i) {
        const Lease writer = database_->writer();
        Transaction transaction(*writer);
        writer->exec("INSERT INTO t VALUES (?)", {i});
        transaction.commit();
        EXPECT_GT(count(*database_->reader()), 0);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(count(*database_->reader()), 120);
}

GANTRY_ON_EVERY_ENGINE(Databases);

}  // namespace
}  // namespace gantry::sql::test
