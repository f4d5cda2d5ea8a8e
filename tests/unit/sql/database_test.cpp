#include "core/sql/database.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <thread>

#include "tests/unit/sql/database_folder.hpp"

namespace gantry::sql::test {
namespace {

class Databases : public WithDatabase {
 protected:
  Error refused(const std::string& url) {
    options_.url = url;
    return error_of_call([&] { open(); });
  }
};

TEST_F(Databases, ReadersSeeWhatTheWriterCommitted) {
  open().writer()->exec("CREATE TABLE t (a INTEGER)");
  const Lease writer = database_->writer(), reader = database_->reader();
  const auto count = [&] {
    int64_t found = -1;
    reader->query("SELECT count(*) FROM t", {}, [&](const Row& row) {
      found = std::get<int64_t>(row[0]);
      return true;
    });
    return found;
  };
  Transaction transaction(*writer);
  writer->exec("INSERT INTO t VALUES (1)");
  EXPECT_EQ(count(), 0);
  transaction.commit();
  EXPECT_EQ(count(), 1);
}

TEST_F(Databases, ReadersDoNotWrite) {
  const Error error = error_of_call([&] { open().reader()->exec("CREATE TABLE t (a INTEGER)"); });
  EXPECT_EQ(error.code(), Code::kInvalid);
  EXPECT_EQ(error.detail(), "this session only reads; take the writer");
}

TEST_F(Databases, HaveOneWriter) {
  open();
  Lease first = database_->writer();
  const Error error = error_of_call([&] { database_->writer(); });
  EXPECT_EQ(error.code(), Code::kExhausted);
  EXPECT_EQ(error.detail(), "database 'projections': all 1 writers were busy for 20 ms");
  first.reset();
  EXPECT_NE(database_->writer(), nullptr);
}

TEST_F(Databases, HaveABoundedNumberOfReaders) {
  options_.readers_max = 2;
  open();
  Lease one = database_->reader(), two = database_->reader();
  EXPECT_EQ(error_of_call([&] { database_->reader(); }).code(), Code::kExhausted);
  two.reset();
  EXPECT_NE(database_->reader(), nullptr);
}

TEST_F(Databases, WaitForAWriterThatComesBack) {
  options_.wait_max = std::chrono::seconds(10);
  open();
  auto held = std::make_optional(database_->writer());
  std::thread waiter([&] { EXPECT_NE(database_->writer(), nullptr); });
  held.reset();
  waiter.join();
}

TEST_F(Databases, EndATransactionThatWasLeftOpen) {
  open();
  database_->writer()->exec("CREATE TABLE t (a INTEGER)");
  {
    const Lease careless = database_->writer();
    careless->begin();
    careless->exec("INSERT INTO t VALUES (1)");
  }
  database_->writer()->query("SELECT count(*) FROM t", {}, [](const Row& row) {
    EXPECT_EQ(std::get<int64_t>(row[0]), 0);
    return true;
  });
}

TEST_F(Databases, LieBelowTheDataFolderAndMakeTheirOwn) {
  options_.url = "sqlite:deep/er/read.db";
  open();
  EXPECT_TRUE(std::filesystem::exists(options_.data_dir + "/deep/er/read.db"));
  EXPECT_EQ(database_->engine(), "sqlite");
  EXPECT_EQ(database_->name(), "projections");
}

TEST_F(Databases, MayLieAtAnAbsolutePath) {
  options_.url = "sqlite:" + options_.data_dir + "/abs.db";
  options_.data_dir += "/elsewhere";
  open();
  EXPECT_TRUE(std::filesystem::exists(options_.url.substr(7)));
  options_.data_dir.resize(options_.data_dir.size() - std::string("/elsewhere").size());
}

TEST_F(Databases, RefuseOtherUrls) {
  EXPECT_EQ(refused("postgresql://u:secret@db/x").detail(),
            "postgresql is not supported by this version; use sqlite:<file>");
  EXPECT_EQ(refused("mysql://u:secret@db/x").detail(),
            "'mysql' is no known database; use sqlite:<file>");
  EXPECT_EQ(refused("sqlite:../other.db").detail(),
            "'sqlite:../other.db' leaves the data directory");
  EXPECT_EQ(refused("sqlite:a/../../other.db").detail(),
            "'sqlite:a/../../other.db' leaves the data directory");
  EXPECT_EQ(refused("sqlite:").detail(), "'sqlite:' names no file; use sqlite:<file>");
  EXPECT_EQ(refused("sqlite::memory:").code(), Code::kInvalid);
  EXPECT_EQ(refused("").code(), Code::kInvalid);
}

TEST_F(Databases, SayUnavailableWhenTheFileCannotBeOpened) {
  std::filesystem::create_directories(options_.data_dir + "/read.db");
  EXPECT_EQ(error_of_call([&] { open(); }).code(), Code::kUnavailable);
}

TEST_F(Databases, SayInternalWhenTheFileIsNoDatabase) {
  std::ofstream(options_.data_dir + "/read.db") << std::string(4096, 'x');
  EXPECT_EQ(error_of_call([&] { open(); }).code(), Code::kInternal);
}
}  // namespace
}  // namespace gantry::sql::test
