// log::TimerRows: rows of es_timer through one connection.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/log/store.hpp"
#include "core/sql/sqlite_statement.hpp"

namespace gantry::log {

class TimerRows {
 public:
  explicit TimerRows(sqlite3* db);

  // The payload, if the timer still is as `due` says and its time has come.
  std::optional<std::string> payload(const DueTimer& due, Instant now);

  void change(const TimerChange& change);

  // The pending timers that are due first, at most `max`.
  std::vector<DueTimer> pending(uint32_t max);

 private:
  sql::SqliteStatement set_, cancel_, fire_, payload_, pending_;
};

}  // namespace gantry::log
