// log::Log: the event log as the rest of the host sees it. Positions are dense and in commit order,
// so a reader that has seen n has seen everything up to n; a hole is corruption (ADR-0004).
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gantry/error.hpp"
#include "gantry/instant.hpp"
#include "gantry/uuid.hpp"

namespace gantry::log {

using Position = int64_t;

constexpr int64_t kAny = -1;     // append whatever the version is
constexpr int64_t kExists = -2;  // the stream must have at least one event
constexpr int64_t kAbsent = 0;   // the stream must have none

struct NewEvent {
  std::string type;  // "<plugin>.<past_tense>.v<N>"
  std::string data;  // one JSON object
};

// Events for one stream. `expected` is the version the caller decided on: kAny, kExists, kAbsent or
// n. A unit names each stream at most once.
struct StreamAppend {
  std::string stream;  // "<category>-<id>", 1..512 bytes
  int64_t expected = kAny;
  std::vector<NewEvent> events;  // may be empty: then only the expected version is checked
  // Id of the event at `expected`, for n only: whoever decides ahead of the commit knows which
  // event it built on before that event has a row. Another event there is a Conflict (ADR-0008).
  std::optional<Uuid> tip{};
};

// A durable timer: at `due` (the log's clock) an event gantry.timer_fired.v1 {key, due_at, payload}
// is appended to `stream`, exactly once. (stream, key) names it; setting it again moves it.
struct TimerSet {
  std::string stream;
  std::string key;
  Instant due;
  std::string payload = "{}";  // one JSON object
};
struct TimerCancel {
  std::string stream;
  std::string key;
};

// The answer to a request with an Idempotency-Key, stored in the same commit as its events.
struct StoredAnswer {
  std::string scope;        // SHA-256 of user, method, route and key: 32 bytes
  std::string fingerprint;  // SHA-256 of the body: 32 bytes
  Uuid command;
  int status = 0;       // 0: begun, not answered yet
  std::string headers;  // as in Response::headers
  std::string body;
  Position position = 0;  // filled on commit with the last position, 0 if no event
  Instant expires_at;
  // Not stored: whoever decided this answer knew that one was begun under the scope. It rests on
  // that as events rest on a version: see append().
  bool knows_begun = false;
};

// What becomes of a unit, for those who decide on its events before they are committed. Once lost
// it stays so.
class Fate {
 public:
  void lose() noexcept { lost_.store(true, std::memory_order_release); }
  bool lost() const noexcept { return lost_.load(std::memory_order_acquire); }

 private:
  std::atomic<bool> lost_{false};
};

// One command: everything in it commits, or nothing.
struct Unit {
  Uuid command;      // event n (from 0, in unit order) gets id uuid5(command, "n"), so a repeat is
                     // harmless
  std::string meta;  // one JSON object: request_id, actor, causation, correlation ...
  std::vector<StreamAppend> appends;
  std::vector<TimerSet> timers_set;
  std::vector<TimerCancel> timers_cancelled;
  std::optional<StoredAnswer> answer;

  // Lost when nothing comes of this unit now (that it was committed before counts as nothing), and
  // before a later unit is looked at. May be null.
  std::shared_ptr<Fate> fate = {};
  // The units it was decided on, of this process: kConflict when one of them is lost. The ids of
  // events come from the command alone, so `tip` cannot tell a unit from another one of its
  // command.
  std::vector<std::shared_ptr<const Fate>> rests_on = {};
};

struct Committed {
  Position first = 0;  // 0 when the unit held no event
  Position last = 0;
  bool repeated = false;  // the same command was committed before; positions are the old ones
};

struct Outcome {
  Code code = Code::kOk;
  std::string detail;  // one sentence when not ok
  Committed committed;
  // On kConflict: which stream moved and where it is now.
  std::string stream;
  int64_t actual = 0;
};

// Whether something came of the unit now.
inline bool came_about(const Outcome& outcome) {
  return outcome.code == Code::kOk && !outcome.committed.repeated;
}

// Views live until the visitor returns; tailed events (shared_ptr) live as long as they are held.
struct Event {
  Position position = 0;
  std::string stream;
  int64_t version = 0;
  Uuid id;
  std::string type;
  std::string data;
  std::string meta;
  Instant recorded_at;
};
using EventPtr = std::shared_ptr<const Event>;  // shared by the tail's ring and every reader of it

// The state of one stream folded up to `version`, so that a long one loads fast. Made by the owner
// of the aggregate and only a shortcut: a snapshot that is lost or of another schema is made anew.
struct Snapshot {
  std::string stream;
  int64_t schema = 0;   // the owner's version of `data`; others do not count
  int64_t version = 0;  // of the stream
  std::string data;     // at most Limits::snapshot_bytes_max
};

struct Limits {
  uint32_t snapshot_bytes_max = 4u << 20;
  uint32_t append_batch_max = 64;
  uint32_t append_queue_max = 4096;
  uint32_t append_events_max = 1000;
  uint32_t event_bytes_max = 262144;
  uint32_t tail_ring_events_max = 65536;
  uint32_t read_page_events_max = 1000;
  uint64_t append_queue_bytes_max =
      64u << 20;  // events, meta and answers that wait; one unit always fits
  uint64_t tail_ring_bytes_max = 64u << 20;
};

// Counters since the log was opened.
struct AppendStats {
  uint64_t commits = 0;  // transactions; units / commits is the size of a group
  uint64_t unasked = 0;  // of these, decided on what was remembered: nothing was read first
  uint64_t units = 0;    // committed, without repeats
  uint64_t repeats = 0;  // units found to be committed before
  uint64_t refused = 0;  // Conflict, Invalid, Exhausted
  uint64_t failed = 0;   // Unavailable, Deadline, Internal
  uint64_t events = 0;   // appended
  uint64_t timers_fired = 0;
};

class Log {
 public:
  virtual ~Log() = default;

  // Queues the unit and returns. `done` is called exactly once, from the thread that commits, after
  // the commit (or the refusal); it must be quick and must not block. Units that name the same
  // stream commit in the order of these calls.
  //   codes  Conflict     a stream moved on, or another request has answered or begun under the
  //                       scope of the unit's answer; nothing written
  //          Invalid      limits, malformed unit, same command with other events; nothing written
  //          Exhausted    append_queue_max reached; nothing written
  //          Unavailable  database; nothing written
  //          Deadline     outcome unknown; the same command may be sent again
  //   thread [any]
  virtual void append(Unit unit, std::function<void(const Outcome&)> done) = 0;

  // As append(), for a thread that may block: where nobody else is appending it commits by itself,
  // without the way to the log's thread and back, and `done` is called before this returns.
  //   thread [worker] [bus] [setup]
  virtual void append_here(Unit unit, std::function<void(const Outcome&)> done) {
    append(std::move(unit), std::move(done));
  }

  // The blocking form. [worker] [bus] [setup]
  Outcome append_wait(Unit unit);

  // Events of one stream with version > after, ascending, at most `max`. Returns the number
  // visited. [worker] [bus] [setup]  throws Unavailable
  virtual uint32_t read_stream(std::string_view stream, int64_t after, uint32_t max,
                               const std::function<bool(const Event&)>& visit) = 0;

  // Events of one stream with version < before (0: from the last one), descending, at most `max`.
  // Otherwise as read_stream.
  virtual uint32_t read_stream_back(std::string_view stream, int64_t before, uint32_t max,
                                    const std::function<bool(const Event&)>& visit) = 0;

  // Last version of the stream, 0 when absent. [worker] [bus] [setup]
  virtual int64_t stream_version(std::string_view stream) = 0;

  // Events with position > after in order, at most `max` and at most read_page_events_max: only an
  // empty answer means the end. Checks density: a hole, or a row that does not match its checksum,
  // throws Internal.
  virtual std::vector<EventPtr> read(Position after, uint32_t max) = 0;

  // Events with position < before (0: from the last one), descending; bounds and checks as read().
  virtual std::vector<EventPtr> read_back(Position before, uint32_t max) = 0;

  // The event of that id, if it was appended: "has this command been done?" [worker] [bus]
  virtual std::optional<Event> find(const Uuid& event_id) = 0;

  // Position of the last committed event. [any]
  virtual Position head() const = 0;

  // Answer stored under that scope, if any and not expired. [worker]
  virtual std::optional<StoredAnswer> answer(std::string_view scope) = 0;

  // The newest snapshot of the stream with that schema, if any. [worker] [bus]  throws Unavailable
  virtual std::optional<Snapshot> snapshot(std::string_view stream, int64_t schema) = 0;
  // Keeps it, unless one of a later version is there; replaces those of other schemas. Not part of
  // any unit: losing one costs time only. [worker] [bus]  throws Unavailable, Invalid (too large)
  virtual void keep_snapshot(const Snapshot& snapshot) = 0;

  // Called from the thread that commits, after each commit, with the new head; must be quick. Set
  // once, at start; null takes it away: the former one is not called any more once this returns.
  virtual void on_commit(std::function<void(Position)> signal) = 0;

  // The log's clock: what timers and "now" of decisions go by. [any]
  virtual Instant now() const = 0;

  // Stops taking units, finishes those queued, closes. [setup]
  virtual void stop() = 0;

  virtual AppendStats stats() const { return {}; }  // [any]

  // Why the storage took nothing the last time something was to be written; nullopt once a write
  // has succeeded since. [any]
  virtual std::optional<Error> write_fault() const { return std::nullopt; }

  // Why timers that are due were not looked up or not fired the last time; nullopt when they were.
  // Tried again all the time. [any]
  virtual std::optional<Error> timer_fault() const { return std::nullopt; }

  // Queues a write that changes nothing a reader sees, to learn whether the storage takes writes
  // again; write_fault() then tells. One at a time. [any]
  virtual void probe_write() {}
};

}  // namespace gantry::log
