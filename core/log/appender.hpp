// log::Appender: the log's one writing connection and the transaction in which a group of units
// commits.
//
//   begin() → apply() or fire() for each unit → commit()
//
// apply() looks before it writes: a unit that is refused has written nothing, so its neighbours
// need no savepoint. Used by the writer's thread alone.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "core/log/answer_rows.hpp"
#include "core/log/event_rows.hpp"
#include "core/log/log.hpp"
#include "core/log/queued_unit.hpp"
#include "core/log/timer_rows.hpp"
#include "core/sql/sqlite_connection.hpp"

namespace gantry::log {

class Appender {
 public:
  // throws Unavailable
  Appender(const std::string& file, const sql::SqliteOptions& options);

  // Takes the write lock; reads the head under it.  throws as apply()
  void begin(Instant now);

  // Ok (also for a repeat), Conflict or Invalid.  throws: the transaction is spoilt, roll back
  Outcome apply(const QueuedUnit& queued);
  // Ok; without an event when the timer is no longer as it was read.  throws as apply
  Outcome fire(const DueTimer& timer);

  // Writes a row that no reader looks at.  throws as apply
  Outcome touch();

  enum class Ending {
    kCommitted,
    kNothing,  // nothing of the transaction is or will be there
    kUnknown,  // it may or may not come to light when the file is opened again
  };
  // Never throws; `why` gets a sentence unless committed.
  Ending commit(std::string& why) noexcept;

  // Ends the open transaction. False: the connection must be opened anew.
  bool roll_back() noexcept { return connection_.roll_back(); }

  // Of this transaction: the head with what it appended, how many events that was, the first of the
  // timers it set.
  Position head() const { return head_; }
  uint64_t events() const { return events_; }
  std::optional<Instant> earliest_timer() const { return earliest_timer_; }
  bool has_written() const { return events_ > 0 || touched_; }

  // In its own transaction; returns how many.  throws
  uint32_t sweep_answers(Instant now, uint32_t max);

 private:
  std::optional<Outcome> repeat_of(const QueuedUnit& queued);
  std::optional<Outcome> refusal_of(const QueuedUnit& queued);
  bool same_event(Position position, const Uuid& id, const std::string& stream,
                  const NewEvent& event);
  Committed append_all(const QueuedUnit& queued);
  void insert_row(int64_t stream_id);
  void set_timers(const Unit& unit);
  Ending settle() noexcept;

  sql::SqliteConnection connection_;
  EventRows events_rows_;
  TimerRows timers_;
  AnswerRows answers_;
  sql::SqliteStatement begin_, commit_, seal_;

  Position head_ = 0;
  Instant now_;
  uint64_t events_ = 0;
  bool touched_ = false;
  Uuid last_event_;  // of this transaction, at head_ when events_ > 0
  std::optional<Instant> earliest_timer_;
  Event row_;                       // reused for every insert
  Event stored_;                    // reused for every comparison
  std::vector<StreamRow> streams_;  // of the unit being applied
};

}  // namespace gantry::log
