// Asking on an engine: a loop, an asker and what it answered.
#pragma once
#include <gmock/gmock.h>

#include <map>
#include <optional>

#include "gantry/text.hpp"
#include "tests/contract/sql/engine.hpp"
#include "tests/contract/sql/poll_loop.hpp"

namespace gantry::sql::test {

// One answer, with its rows as text: "1|NULL|x".
struct Told {
  Code code = Code::kOk;
  std::string detail;
  std::vector<std::string> rows;
};

inline std::string text_of(const Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) return join("i", *number);
  if (const auto* real = std::get_if<double>(&value))
    return join("r", static_cast<int64_t>(*real * 1000));  // thousandths
  if (const auto* text = std::get_if<std::string_view>(&value)) return join("t", *text);
  if (const auto* blob = std::get_if<Blob>(&value)) return join("b", blob->bytes);
  return "NULL";
}

inline Told told(const Answer& answer) {
  Told one{answer.code, std::string(answer.detail), {}};
  for (size_t i = 0; i < answer.cells.size(); ++i) {
    if (i % answer.columns == 0) one.rows.emplace_back();
    std::string& row = one.rows.back();
    row += join(row.empty() ? "" : "|", text_of(answer.cells[i]));
  }
  return one;
}

// With a table t (id, a) of the ids 1 to 100.
class AskingOn : public OnEngine {
 protected:
  AskingOn() { options_.wait_max = std::chrono::milliseconds(2000); }
  ~AskingOn() override {
    asker_.reset();
    workers_.join();
  }
  void begin() {
    const Lease writer = open().writer();
    writer->exec(words("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT) STRICT"));
    for (int64_t id = 1; id <= 100; ++id)
      writer->exec("INSERT INTO t (id, a) VALUES (?, ?)", {id, std::string_view("x")});
    asker_ = database_->asker({loop_, loop_.clock, [this](auto task, auto expired) {
                                 return workers_.submit(std::move(task), expired);
                               }});
  }
  // The place of its answer.
  size_t ask(std::string_view statement, const Values& values = {}) {
    const size_t place = asked_++;
    asker_->ask(statement, values, [this, place](const Answer& answer) {
      EXPECT_TRUE(told_.emplace(place, told(answer)).second) << "told twice";
    });
    return place;
  }
  bool all_told() {
    return loop_.turn_until([&] { return told_.size() == asked_; });
  }
  Told told_now(std::string_view statement, const Values& values = {}) {
    const size_t place = ask(statement, values);
    EXPECT_TRUE(loop_.turn_until([&] { return told_.count(place) != 0; }));
    return told_[place];
  }

  PollLoop loop_;
  Threads workers_;
  std::unique_ptr<Asker> asker_;
  std::map<size_t, Told> told_;
  size_t asked_ = 0;
};

}  // namespace gantry::sql::test
