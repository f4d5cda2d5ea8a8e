// The engines that must keep the contract; a database of its own for each test.
#pragma once
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "core/sql/database.hpp"
#include "core/sql/session_pool.hpp"
#include "gantry/error.hpp"
#include "tests/support/postgres.hpp"

namespace gantry::sql::test {

// The error that `call` throws; code kOk when it throws none.
template <class Call>
Error error_of_call(Call call) {
  try {
    call();
    return Error(Code::kOk, "nothing was thrown");
  } catch (const Error& e) {
    return e;
  }
}

// The text with the types of SQLite's strict tables, as `engine` calls them.
inline std::string in_words_of(const std::string& engine, std::string text) {
  if (engine == "sqlite") return text;
  constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {" INTEGER", " bigint"}, {" TEXT", " text COLLATE \"C\""},
      {" BLOB", " bytea"},     {" REAL", " double precision"},
      {" STRICT", ""},
  };
  for (const auto& [ours, theirs] : kWords) {
    for (size_t at = text.find(ours); at != text.npos; at = text.find(ours, at + theirs.size()))
      text.replace(at, ours.size(), theirs);
  }
  return text;
}

// Parameter: the engine.
class OnEngine : public testing::TestWithParam<std::string> {
 protected:
  OnEngine() {
    options_.name = "projections";
    options_.wait_max = std::chrono::milliseconds(20);
    options_.busy_timeout = std::chrono::milliseconds(20);
    options_.writers_max = 3;
    if (engine() == "sqlite") {
      std::string pattern = (std::filesystem::temp_directory_path() / "gantry-sql-XXXXXX").string();
      options_.data_dir = ::mkdtemp(pattern.data());
      options_.url = "sqlite:read.db";
    } else {
      options_.url = tests::postgres().fresh_database();
    }
  }
  ~OnEngine() override {
    database_.reset();
    if (engine() == "sqlite") {
      std::filesystem::remove_all(options_.data_dir);
    } else {
      tests::postgres().drop_database(options_.url);
    }
  }
  static std::string engine() { return GetParam(); }
  Database& open() {
    database_ = open_database(options_);
    return *database_;
  }
  static std::string words(std::string text) { return in_words_of(engine(), std::move(text)); }

  DatabaseOptions options_;
  std::unique_ptr<Database> database_;
};

// With one writer taken and a table of every type.
class WithTable : public OnEngine {
 protected:
  WithTable() : writer_(open().writer()) {
    writer_->exec(
        words("CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT, c BLOB, d REAL) STRICT"));
  }
  ~WithTable() override { writer_.reset(); }

  // The one value of a one-column, one-row query.
  template <class T>
  T one(std::string_view statement, const Values& values = {}) {
    T found{};
    writer_->query(statement, values, [&](const Row& row) {
      EXPECT_TRUE(std::holds_alternative<T>(row[0])) << "index " << row[0].index();
      if (const auto* value = std::get_if<T>(&row[0])) found = *value;
      return true;
    });
    return found;
  }
  std::string text(std::string_view statement, const Values& values = {}) {
    std::string found;
    writer_->query(statement, values, [&](const Row& row) {
      found = std::get<std::string_view>(row.at(0));
      return true;
    });
    return found;
  }
  Code code_of(std::string_view statement, const Values& values = {}) {
    return error_of_call([&] { writer_->exec(statement, values); }).code();
  }
  PooledSession& session() { return static_cast<PooledSession&>(*writer_); }

  Lease writer_;
};

#define GANTRY_ON_EVERY_ENGINE(suite)                                          \
  INSTANTIATE_TEST_SUITE_P(On, suite, testing::Values("sqlite", "postgresql"), \
                           [](const auto& one) { return std::string(one.param); })

}  // namespace gantry::sql::test
