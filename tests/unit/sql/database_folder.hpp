// A database in a folder of its own, gone at the end.
#pragma once
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "core/sql/database.hpp"
#include "gantry/error.hpp"

namespace gantry::sql::test {

class WithDatabase : public testing::Test {
 protected:
  WithDatabase() {
    std::string pattern = (std::filesystem::temp_directory_path() / "gantry-sql-XXXXXX").string();
    options_.name = "projections";
    options_.url = "sqlite:read.db";
    options_.data_dir = mkdtemp(pattern.data());
    options_.wait_max = std::chrono::milliseconds(20);
    options_.busy_timeout = std::chrono::milliseconds(20);
  }
  ~WithDatabase() override {
    database_.reset();
    std::filesystem::remove_all(options_.data_dir);
  }
  Database& open() {
    database_ = open_database(options_);
    return *database_;
  }
  DatabaseOptions options_;
  std::unique_ptr<Database> database_;
};

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

}  // namespace gantry::sql::test
