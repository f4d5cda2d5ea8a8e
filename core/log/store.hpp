// What the event log asks of a database: one Store that writes, any number of Readers. Everything
// that makes the log what it is (positions, expected versions, repeats, answers, timers) is decided
// in log::Group, the same for every engine; a Store reads rows and writes rows.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/log/event_view.hpp"
#include "core/log/log.hpp"
#include "core/log/queued_unit.hpp"

namespace gantry::log {

struct StreamRow {
  int64_t id = 0;  // 0: the stream is absent
  int64_t version = 0;
  Uuid tip;  // id of its last event
};

// Whose answer lies under a scope.
struct AnswerOwner {
  Uuid command;
  int status = 0;
  Position position = 0;
};

// What a group of units must know before anything is written. Views into the units.
struct Questions {
  std::vector<std::string_view> streams;  // each once
  std::vector<Uuid> events;
  std::vector<std::string_view> scopes;  // of answers
  std::vector<const DueTimer*> timers;
  size_t appends_max = 0;  // events that the units may add
};

// The answers, in the order of the questions, read under the log's lock.
struct Facts {
  Position head = 0;
  int64_t last_stream_id = 0;
  Instant now;  // of the log's clock
  std::vector<StreamRow> streams;
  std::vector<Position> events;                     // 0: there is none
  std::vector<std::optional<AnswerOwner>> answers;  // those not expired
  std::vector<std::optional<std::string>> timers;   // payload, where it is still as asked, and due
};

struct StreamChange {
  int64_t id = 0;
  std::string_view name;
  int64_t version = 0;
  bool fresh = false;  // the stream is new and gets a row; the others only have events
};

struct EventRow {
  EventView event;
  int64_t stream_id = 0;
};

struct TimerChange {
  enum class Kind : uint8_t { kSet, kCancel, kFire };
  Kind kind = Kind::kSet;
  std::string_view stream, key;
  Instant due;               // kSet
  std::string_view payload;  // kSet
  Uuid command;              // kSet: a repeat of the one that set it last changes nothing
  int64_t revision = 0;      // kFire
};

struct AnswerChange {
  const StoredAnswer* answer = nullptr;
  Position position = 0;
};

// What a group writes. Views into the units and the group.
struct Changes {
  std::vector<StreamChange> streams;  // each once
  std::vector<EventRow> events;       // positions head + 1, head + 2 ...
  std::vector<TimerChange> timers;    // in this order; one timer may come more than once
  std::vector<AnswerChange> answers;  // each scope once; replaces what is there
  bool touch = false;                 // a row that no reader looks at: can anything be written?
  bool empty() const {
    return !touch && streams.empty() && events.empty() && timers.empty() && answers.empty();
  }
};

enum class Ending : uint8_t {
  kCommitted,
  kNothing,  // nothing of the transaction is there or will be
  kUnknown,  // it may or may not come to light later
  kStale,    // of commit_remembered(): the log is not as remembered, nothing is written
};

// The log's one writing connection. One thread at a time: the one that commits.
//
//   begin() → commit() or roll_back()
class Store {
 public:
  virtual ~Store() = default;

  // Takes the log's lock, then reads.  throws Unavailable, Internal; roll back then
  virtual Facts begin(const Questions& questions) = 0;

  // Events with position >= first, at most `count`. Between begin() and the end.  throws as begin
  virtual std::vector<EventPtr> look(Position first, uint32_t count) = 0;

  // Writes and commits. `why` gets a sentence unless committed.
  //   throws  Error  a row could not be written; roll back
  virtual Ending commit(const Changes& changes, std::string& why) = 0;

  // What begin() would read, as far as this store remembers it from its last commit; null where it
  // does not. Nothing is asked and nothing locked: only a group that refuses nobody may be built on
  // it, and only by commit_remembered(), which compares.
  virtual std::optional<Facts> remembered(const Questions& questions) {
    static_cast<void>(questions);
    return std::nullopt;
  }
  // Lock, comparison, rows and commit in one. Takes streams and events only.  throws as commit()
  virtual Ending commit_remembered(const Questions& questions, const Changes& changes,
                                   std::string& why) {
    static_cast<void>(questions), static_cast<void>(changes), static_cast<void>(why);
    return Ending::kStale;  // nothing is remembered
  }

  // Ends the open transaction, if any. False: the connection is of no use and must be opened anew.
  virtual bool roll_back() noexcept = 0;

  // Deletes expired answers, at most `max`, in a transaction of its own; returns how many.  throws
  virtual uint32_t sweep_answers(uint32_t max) = 0;
};

// One reading connection. One thread at a time. Everything throws Unavailable when the database is
// away, Internal when rows are damaged or missing.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual Position head() = 0;
  // Ascending, position > after; descending, position < before (0: from the end). Without checks of
  // density: Readers::read does those.
  virtual std::vector<EventPtr> read(Position after, uint32_t max) = 0;
  virtual std::vector<EventPtr> read_back(Position before, uint32_t max) = 0;
  // Of one stream, ascending or descending; stops when `visit` says false.
  virtual void read_stream(std::string_view stream, int64_t after, uint32_t max,
                           const std::function<bool(const Event&)>& visit) = 0;
  virtual void read_stream_back(std::string_view stream, int64_t before, uint32_t max,
                                const std::function<bool(const Event&)>& visit) = 0;
  virtual int64_t stream_version(std::string_view stream) = 0;
  virtual std::optional<Event> find(const Uuid& event_id) = 0;
  virtual std::optional<StoredAnswer> answer(std::string_view scope) = 0;  // null too when expired
  virtual std::optional<Snapshot> snapshot(std::string_view stream, int64_t schema) = 0;
  // The pending timers that are due first, at most `max`.
  virtual std::vector<DueTimer> pending_timers(uint32_t max) = 0;
  // False: the connection broke; open another one.
  virtual bool sound() const = 0;
};

// A database that carries the log: makes connections. [any]
class Engine {
 public:
  virtual ~Engine() = default;
  virtual std::unique_ptr<Store> open_store() = 0;    // throws Unavailable
  virtual std::unique_ptr<Reader> open_reader() = 0;  // throws Unavailable
  // As Log::keep_snapshot, away from the log's lock.
  virtual void keep_snapshot(const Snapshot& snapshot) = 0;
  // The log's clock: what timers and "now" of decisions go by.
  virtual Instant now() const = 0;

  // Where other processes write the same log: calls `moved` when they may have, at least every
  // poll_max; returns when stop_listening() was called. Engines with one process return at once.
  virtual void listen(const std::function<void()>& moved) { static_cast<void>(moved); }
  virtual void stop_listening() {}
};

}  // namespace gantry::log
