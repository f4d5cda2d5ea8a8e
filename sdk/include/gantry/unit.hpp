// Unit: what one command writes, all or none. Source: ADR-0004, ADR-0008.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gantry/host.hpp"
#include "gantry/json_writer.hpp"
#include "gantry/log.hpp"

namespace gantry {

struct Committed {
  gantry_position first = 0;
  gantry_position last = 0;
  bool repeated = false;  // the same command was committed before; nothing was written now
};

// Thrown when a stream moved on, or the request's Idempotency-Key was used meanwhile: decide again.
// A route is called again by itself (context.hpp), a process decides in commit_unit().
class Conflict : public Error {
 public:
  explicit Conflict(std::string detail) : Error(Code::kConflict, std::move(detail)) {}
};

// check() of what a service has staged in a unit: a conflict is one of the unit, which is decided
// again.  throws Conflict, Error
inline void check_staged(gantry_rc rc, TextSink& why) {
  if (rc == GANTRY_CONFLICT) throw Conflict(why.take());
  check(rc, why);
}

// Metadata kept with each event of a unit.
struct Cause {
  std::string_view request_id;
  std::string_view actor;      // user id, or the name of the process that decided
  std::string_view causation;  // id of the event that led here, if one did

  std::string json() const {
    JsonWriter json;
    json.object();
    if (!request_id.empty()) json.field("request_id", request_id);
    if (!actor.empty()) json.field("actor", actor);
    if (!causation.empty()) json.field("causation_id", causation);
    return std::move(json.end()).text();
  }
};

class Unit {
 public:
  Unit(const Host& host, const Uuid& command, const Cause& cause) : host_(&host), owned_(true) {
    const gantry_uuid raw = command.raw();
    const std::string meta = cause.json();
    check(log().begin(log().self, &raw, to_abi(meta), &handle_), "begin a unit");
  }
  // A unit that another plugin began and passed through a service: add to it, never commit it.
  Unit(const Host& host, gantry_handle borrowed) : host_(&host), handle_(borrowed), owned_(false) {}
  ~Unit() {
    if (owned_ && handle_) log().drop(log().self, handle_);
  }
  Unit(const Unit&) = delete;
  Unit& operator=(const Unit&) = delete;

  // Adds events to a stream; none: only checks the version. tip: id of the event at `expected`,
  // when that is known. Returns the id of the last event added, nil for none.
  //   throws  Conflict  the unit rests on another version of that stream already
  //           Error{kInvalid, kExhausted, kStale}  as append in abi/log.h says
  Uuid append(std::string_view stream, int64_t expected, std::span<const NewEvent> events,
              const std::optional<Uuid>& tip = {}) {
    std::vector<gantry_new_event> raw;
    raw.reserve(events.size());
    for (const NewEvent& event : events) raw.push_back({to_abi(event.type), to_abi(event.data)});
    const gantry_uuid raw_tip = tip.value_or(Uuid()).raw();
    gantry_uuid last = Uuid().raw();
    TextSink why;
    const gantry_rc rc =
        log().append(log().self, handle_, to_abi(stream), expected, tip ? &raw_tip : nullptr,
                     raw.data(), static_cast<uint32_t>(raw.size()), &last, why.abi());
    if (rc == GANTRY_CONFLICT) throw Conflict(why.take());
    check(rc, why);
    return Uuid(last);
  }

  void set_timer(std::string_view stream, std::string_view key, Instant due,
                 std::string_view payload = {}) {
    const auto& timers = host_->timers();
    check(timers.set(timers.self, handle_, to_abi(stream), to_abi(key), due.us(), to_abi(payload)),
          "set a timer");
  }
  void cancel_timer(std::string_view stream, std::string_view key) {
    const auto& timers = host_->timers();
    check(timers.cancel(timers.self, handle_, to_abi(stream), to_abi(key)), "cancel a timer");
  }

  // Stores the answer now on `exchange` under its Idempotency-Key, in the same commit.
  void store_answer(gantry_handle exchange) {
    check(log().answer(log().self, handle_, exchange), "store the answer");
  }

  // Leaves the version checks alone: what is committed then is that the decision not to write
  // anything was made on the state that is there.
  void keep_checks() { check(log().keep_checks(log().self, handle_), "keep the checks"); }

  // As in abi/log.h; for Repository.
  gantry_rc after(gantry_handle predecessor) const {
    return log().after(log().self, handle_, predecessor);
  }
  gantry_rc watch(void* state, gantry_committed told) const {
    return log().watch(log().self, handle_, state, told);
  }

  // Blocks until written, and so are the units it was decided on: this thread must not hold one of
  // them.  throws Conflict, Error{kUnavailable, kExhausted, kInvalid, kDeadline}
  Committed commit() {
    gantry_outcome outcome{};
    outcome.size = sizeof outcome;
    TextSink why;
    const gantry_handle unit = std::exchange(handle_, 0);
    const gantry_rc rc = log().commit_wait(log().self, unit, &outcome, why.abi());
    if (rc == GANTRY_CONFLICT) throw Conflict(why.take());
    check(rc, why);
    return {outcome.first, outcome.last, outcome.repeated != 0};
  }

  // Does not block: `done` is called exactly once, on the log's thread or before this returns, and
  // must be quick. When this throws it is not called.  [any]
  void commit(std::function<void(const gantry_outcome&)> done) {
    using Done = std::function<void(const gantry_outcome&)>;
    auto kept = std::make_unique<Done>(std::move(done));
    const gantry_rc rc = log().commit(log().self, std::exchange(handle_, 0), kept.get(),
                                      [](void* state, const gantry_outcome* outcome) {
                                        const std::unique_ptr<Done> call(static_cast<Done*>(state));
                                        guarded(nullptr, [&] { (*call)(*outcome); });
                                      });
    check(rc, "commit a unit");
    kept.release();  // NOLINT: the callback has it
  }

  const Host& host() const { return *host_; }
  gantry_handle handle() const { return handle_; }

 private:
  const gantry_log& log() const { return host_->log(); }
  const Host* host_;
  gantry_handle handle_ = 0;
  bool owned_;
};

// Command id for what a process decides because of one event: the same event, the same id.
inline Uuid command_for(std::string_view process, const Uuid& event, std::string_view step = {}) {
  return uuid5(event, join(process, '/', step));
}

// Decides and commits for a process: `stage(Unit&)` is called again when a stream moved on in
// between, a bounded number of times. Commit also what decided to write nothing: only then it is
// known to rest on what is there.
//   throws  Conflict, and as Unit::commit     thread  [worker] [bus]
template <class F>
Committed commit_unit(const Host& host, const Uuid& command, const Cause& cause, F&& stage) {
  constexpr int kAttemptsMax = 20;
  for (int attempt = 1;; ++attempt) {
    try {
      Unit unit(host, command, cause);
      stage(unit);
      return unit.commit();
    } catch (const Conflict&) {
      if (attempt == kAttemptsMax) throw;
    }
  }
}

}  // namespace gantry
