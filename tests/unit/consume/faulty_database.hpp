// A real database whose commits a test can watch and break.
#pragma once
#include <atomic>
#include <functional>

#include "core/sql/database.hpp"
#include "gantry/error.hpp"

namespace gantry::consume {

struct Faults {
  std::function<void()> before_commit = [] {};  // may throw: the commit does not happen
  // May keep the session and throw: the commit is under way until the test does it.
  std::function<void(sql::Lease&)> on_commit = [](sql::Lease& real) { real->commit(); };
  std::function<void()> after_commit = [] {};  // may throw: it has happened all the same
  std::function<void()> on_writer = [] {};     // may throw: no session
  std::atomic<int> commits = 0;
};

class FaultySession final : public sql::Session {
 public:
  FaultySession(sql::Lease real, Faults& faults) : real_(std::move(real)), faults_(faults) {}
  int64_t exec(std::string_view statement, const sql::Values& values) override {
    return real_->exec(statement, values);
  }
  void query(std::string_view statement, const sql::Values& values,
             const std::function<bool(const sql::Row&)>& row, uint32_t rows_max) override {
    real_->query(statement, values, row, rows_max);
  }
  void script(std::string_view statements) override { real_->script(statements); }
  void begin() override { real_->begin(); }
  void commit() override {
    faults_.before_commit();
    faults_.on_commit(real_);
    ++faults_.commits;
    faults_.after_commit();
  }
  void rollback() noexcept override {
    if (real_) real_->rollback();
  }
  std::string_view row_lock() const override { return real_->row_lock(); }
  // The test's clock, whatever the engine: leases run out when a test says so.
  Instant now(const base::Clock& clock) override { return clock.now(); }

 private:
  sql::Lease real_;
  Faults& faults_;
};

class FaultyDatabase final : public sql::Database {
 public:
  explicit FaultyDatabase(std::unique_ptr<sql::Database> real) : real_(std::move(real)) {}
  sql::Lease reader() override { return watched(real_->reader()); }
  sql::Lease writer() override {
    faults.on_writer();
    return watched(real_->writer());
  }
  std::unique_ptr<sql::Asker> asker(const sql::AskerPorts& ports) override {
    return real_->asker(ports);
  }
  const std::string& name() const override { return real_->name(); }
  std::string engine() const override { return real_->engine(); }

  Faults faults;  // set while nobody uses the database

 private:
  sql::Lease watched(sql::Lease real) {
    return {new FaultySession(std::move(real), faults),
            [](sql::Session* session) { delete session; }};
  }
  std::unique_ptr<sql::Database> real_;
};

}  // namespace gantry::consume
