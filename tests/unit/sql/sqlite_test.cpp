// What is SQLite's own; the contract that all engines keep is in tests/contract/sql.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "core/sql/database.hpp"
#include "core/sql/sqlite_session.hpp"
#include "gantry/error.hpp"

namespace gantry::sql::test {
namespace {
using testing::HasSubstr;

template <class Call>
Error error_of_call(Call call) {
  try {
    call();
    return Error(Code::kOk, "nothing was thrown");
  } catch (const Error& e) {
    return e;
  }
}

class Sqlite : public testing::Test {
 protected:
  Sqlite() {
    std::string pattern = (std::filesystem::temp_directory_path() / "gantry-sql-XXXXXX").string();
    options_.name = "projections";
    options_.url = "sqlite:read.db";
    options_.data_dir = folder_ = ::mkdtemp(pattern.data());
  }
  ~Sqlite() override {
    database_.reset();
    std::filesystem::remove_all(folder_);
  }
  Database& open() {
    database_ = open_database(options_);
    return *database_;
  }
  Error refused(const std::string& url) {
    options_.url = url;
    return error_of_call([&] { open(); });
  }
  static std::string text(Session& session, std::string_view statement, const Values& values = {}) {
    std::string found;
    session.query(statement, values, [&](const Row& row) {
      found = std::get<std::string_view>(row.at(0));
      return true;
    });
    return found;
  }
  static int64_t integer(Session& session, std::string_view statement) {
    int64_t found = -1;
    session.query(statement, {}, [&](const Row& row) {
      found = std::get<int64_t>(row.at(0));
      return true;
    });
    return found;
  }

  DatabaseOptions options_;
  std::string folder_;
  std::unique_ptr<Database> database_;
};

TEST_F(Sqlite, LiesBelowTheDataFolderAndMakesItsOwn) {
  options_.url = "sqlite:deep/er/read.db";
  open();
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/deep/er/read.db"));
}

TEST_F(Sqlite, MayLieAtAnAbsolutePath) {
  options_.url = "sqlite:" + folder_ + "/abs.db";
  options_.data_dir = folder_ + "/elsewhere";
  open();
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/abs.db"));
}

TEST_F(Sqlite, RefusesOtherUrls) {
  EXPECT_EQ(refused("mysql://u:secret@db/x").detail(),
            "'mysql' is no known database; use sqlite:<file> or postgresql://user@host/database");
  EXPECT_EQ(refused("sqlite:../other.db").detail(),
            "'sqlite:../other.db' leaves the data directory");
  EXPECT_EQ(refused("sqlite:a/../../other.db").detail(),
            "'sqlite:a/../../other.db' leaves the data directory");
  EXPECT_EQ(refused("sqlite:").detail(), "'sqlite:' names no file; use sqlite:<file>");
  EXPECT_EQ(refused("sqlite::memory:").code(), Code::kInvalid);
  EXPECT_EQ(refused("").code(), Code::kInvalid);
}

TEST_F(Sqlite, IsUnavailableWhenTheFileCannotBeOpened) {
  std::filesystem::create_directories(folder_ + "/read.db");
  EXPECT_EQ(error_of_call([&] { open(); }).code(), Code::kUnavailable);
}

TEST_F(Sqlite, SaysInternalWhenTheFileIsNoDatabase) {
  std::ofstream(folder_ + "/read.db") << std::string(4096, 'x');
  EXPECT_EQ(error_of_call([&] { open(); }).code(), Code::kInternal);
}

TEST_F(Sqlite, KeepsTextsWithNulBytes) {
  const Lease writer = open().writer();
  writer->exec("CREATE TABLE t (b TEXT) STRICT");
  const std::string all("\0a\0", 3);
  writer->exec("INSERT INTO t VALUES (?)", {std::string_view(all)});
  EXPECT_EQ(text(*writer, "SELECT b FROM t"), all);
  EXPECT_EQ(integer(*writer, "SELECT length(CAST(b AS BLOB)) FROM t"), 3);
}

TEST_F(Sqlite, IsUnavailableWhenAnotherProcessHoldsTheLock) {
  const Lease writer = open().writer();
  SqliteSession other(folder_ + "/read.db", {.busy_timeout = std::chrono::milliseconds(1)});
  const Transaction mine(*writer);
  const Error error = error_of_call([&] { other.begin(); });
  EXPECT_EQ(error.code(), Code::kUnavailable);
  EXPECT_THAT(error.detail(), HasSubstr("locked"));
}

TEST_F(Sqlite, IsUnavailableWhenTheFileIsFull) {
  const Lease writer = open().writer();
  writer->exec("CREATE TABLE t (b TEXT)");
  writer->script("PRAGMA max_page_count = 12");
  const std::string big(100'000, 'x');
  const auto insert = [&] {
    writer->exec("INSERT INTO t (b) VALUES (?)", {std::string_view(big)});
  };
  EXPECT_EQ(error_of_call(insert).code(), Code::kUnavailable);
  writer->script("PRAGMA max_page_count = 1000");
  EXPECT_EQ(error_of_call(insert).code(), Code::kOk);
}

TEST_F(Sqlite, HasADurableWriteAheadLogAndForeignKeys) {
  const Lease writer = open().writer();
  EXPECT_EQ(text(*writer, "PRAGMA journal_mode"), "wal");
  EXPECT_EQ(integer(*writer, "PRAGMA synchronous"), 2);
  EXPECT_EQ(integer(*writer, "PRAGMA foreign_keys"), 1);
}

}  // namespace
}  // namespace gantry::sql::test
