// log::SqliteStore: the log's one writing connection to a SQLite file. BEGIN IMMEDIATE is the log's
// lock.
#pragma once
#include <optional>
#include <string>

#include "core/base/clock.hpp"
#include "core/log/answer_rows.hpp"
#include "core/log/event_rows.hpp"
#include "core/log/remembered.hpp"
#include "core/log/store.hpp"
#include "core/log/timer_rows.hpp"
#include "core/sql/sqlite_connection.hpp"

namespace gantry::log {

class SqliteStore final : public Store {
 public:
  // throws Unavailable
  SqliteStore(const std::string& file, const sql::SqliteOptions& options, const base::Clock& clock);

  Facts begin(const Questions& questions) override;
  std::vector<EventPtr> look(Position first, uint32_t count) override;
  Ending commit(const Changes& changes, std::string& why) override;
  std::optional<Facts> remembered(const Questions& questions) override;
  Ending commit_remembered(const Questions& questions, const Changes& changes,
                           std::string& why) override;
  bool roll_back() noexcept override { return connection_.roll_back(); }
  uint32_t sweep_answers(uint32_t max) override;

 private:
  void write(const Changes& changes);
  bool write_if_it_fits(const Changes& changes);
  Ending end(const Changes& changes, std::string& why);
  Ending settle(const Changes& changes) noexcept;
  Position count_on(const Questions& questions);

  const base::Clock& clock_;
  sql::SqliteConnection connection_;
  EventRows events_;
  TimerRows timers_;
  AnswerRows answers_;
  sql::SqliteStatement begin_, commit_, seal_;
  Remembered remembered_;
  uint32_t committed_as_ = 0;  // of the file, after the last commit
  Position counter_ = 0;       // of the mutation no_log_lock
};

}  // namespace gantry::log
