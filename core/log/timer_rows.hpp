// log::TimerRows: rows of es_timer through one connection.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/log/log.hpp"
#include "core/log/queued_unit.hpp"
#include "core/sql/sqlite_statement.hpp"

namespace gantry::log {

constexpr std::string_view kTimerFired = "gantry.timer_fired.v1";

class TimerRows {
 public:
  explicit TimerRows(sqlite3* db);

  // Sets or moves the timer. A repeat of the command that set it last changes nothing, even if the
  // timer has fired since. Returns whether there is something new to wait for.
  bool set(const TimerSet& timer, const Uuid& command);
  void cancel(const TimerCancel& timer);

  // Marks the timer fired if it is still as `due` says and its time has come; then returns its
  // payload.
  std::optional<std::string> claim(const DueTimer& due, Instant now);

  // The pending timers that are due first, at most `max`.
  std::vector<DueTimer> pending(uint32_t max);

 private:
  sql::SqliteStatement set_, cancel_, claim_, pending_;
};

// Id of the event that a timer's revision fires as: the same for ever, on every instance.
Uuid fired_id(const DueTimer& timer);

// Its data: {"key":…,"due_at":…,"payload":{…}}.
std::string fired_data(const DueTimer& timer, std::string_view payload);

}  // namespace gantry::log
