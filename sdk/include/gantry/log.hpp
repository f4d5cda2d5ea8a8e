// Unit: what one command writes, all or none. StoredEvent: an event read back. Source: ADR-0004.
#pragma once
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "gantry/host.hpp"
#include "gantry/json_writer.hpp"

namespace gantry {

struct NewEvent {
  std::string type;  // "<plugin>.<past_tense>.v<N>": current, and declared with Plan::event
  std::string data;  // one JSON object, as the schema of its type says
};

// A view of one event, in the current version of its type whatever version was stored; valid until
// the function that received it returns.
class StoredEvent {
 public:
  explicit StoredEvent(const gantry_event& raw) : raw_(&raw) {}
  gantry_position position() const { return raw_->position; }
  std::string_view stream() const { return from_abi(raw_->stream); }
  // What follows the first '-' of the stream's name.
  std::string_view stream_id() const {
    const auto name = stream();
    return name.substr(name.find('-') + 1);
  }
  int64_t version() const { return raw_->version; }
  Uuid id() const { return Uuid(raw_->id); }
  std::string_view type() const { return from_abi(raw_->type); }
  std::string_view data() const { return from_abi(raw_->data); }
  std::string_view meta() const { return from_abi(raw_->meta); }
  Instant recorded_at() const { return Instant(raw_->recorded_at); }

 private:
  const gantry_event* raw_;
};

struct Committed {
  gantry_position first = 0;
  gantry_position last = 0;
  bool repeated = false;  // the same command was committed before; nothing was written now
};

// Thrown by Unit::commit when a stream moved on: reload, decide again. Context::transact does so.
class Conflict : public Error {
 public:
  explicit Conflict(std::string detail) : Error(Code::kConflict, std::move(detail)) {}
};

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
    const auto& log = host.log();
    const gantry_uuid raw = command.raw();
    const std::string meta = cause.json();
    check(log.begin(log.self, &raw, to_abi(meta), &handle_), "begin a unit");
  }
  // A unit that another plugin began and passed through a service: add to it, never commit it.
  Unit(const Host& host, gantry_handle borrowed) : host_(&host), handle_(borrowed), owned_(false) {}
  ~Unit() {
    if (owned_ && handle_) host_->log().drop(host_->log().self, handle_);
  }
  Unit(const Unit&) = delete;
  Unit& operator=(const Unit&) = delete;

  // Adds events to a stream; each stream once per unit.
  void append(std::string_view stream, int64_t expected, std::span<const NewEvent> events) {
    std::vector<gantry_new_event> raw;
    raw.reserve(events.size());
    for (const NewEvent& event : events) raw.push_back({to_abi(event.type), to_abi(event.data)});
    const auto& log = host_->log();
    TextSink why;
    check(log.append(log.self, handle_, to_abi(stream), expected, raw.data(),
                     static_cast<uint32_t>(raw.size()), why.abi()),
          why);
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
    check(host_->log().answer(host_->log().self, handle_, exchange), "store the answer");
  }

  // Runs after a successful commit(), on the same thread.
  void on_committed(std::function<void()> then) { then_.push_back(std::move(then)); }

  // Blocks until written.  throws Conflict, Error{kUnavailable, kExhausted, kInvalid, kDeadline}
  Committed commit() {
    const auto& log = host_->log();
    gantry_outcome outcome{};
    outcome.size = sizeof outcome;
    TextSink why;
    const gantry_handle unit = std::exchange(handle_, 0);
    const gantry_rc rc = log.commit_wait(log.self, unit, &outcome, why.abi());
    if (rc == GANTRY_CONFLICT) throw Conflict(why.take());
    check(rc, why);
    for (const auto& then : then_) then();
    return {outcome.first, outcome.last, outcome.repeated != 0};
  }

  const Host& host() const { return *host_; }
  gantry_handle handle() const { return handle_; }

 private:
  const Host* host_;
  gantry_handle handle_ = 0;
  bool owned_;
  std::vector<std::function<void()>> then_;
};

// Command id for what a process decides because of one event: the same event, the same id.
inline Uuid command_for(std::string_view process, const Uuid& event, std::string_view step = {}) {
  return uuid5(event, join(process, '/', step));
}

// Has this command been committed?  throws Unavailable. [worker] [bus]
inline bool is_committed(const Host& host, const Uuid& command) {
  const gantry_uuid first = uuid5(command, "0").raw();
  const auto& log = host.log();
  TextSink why;
  const gantry_rc rc = log.find(
      log.self, &first, nullptr, [](void*, const gantry_event*) -> uint32_t { return 1; },
      why.abi());
  if (rc == GANTRY_NOT_FOUND) return false;
  check(rc, why);
  return true;
}

// Visits the events of one stream with version > after, in order.  f(const StoredEvent&); its
// exceptions come out here.
template <class F>
void read_stream(const Host& host, std::string_view stream, int64_t after, F&& f) {
  struct State {
    std::remove_reference_t<F>* f;
    int64_t last;
    uint32_t seen;
    std::exception_ptr thrown;
  };
  const auto& log = host.log();
  State state{&f, after, 0, nullptr};
  constexpr uint32_t kPage = 500;
  do {
    state.seen = 0;
    TextSink why;
    check(log.read_stream(
              log.self, to_abi(stream), state.last, kPage, &state,
              [](void* raw, const gantry_event* event) -> uint32_t {
                auto& s = *static_cast<State*>(raw);
                ++s.seen;
                s.last = event->version;
                try {
                  (*s.f)(StoredEvent(*event));
                  return 1;
                } catch (...) {
                  s.thrown = std::current_exception();
                  return 0;
                }
              },
              why.abi()),
          why);
    if (state.thrown) std::rethrow_exception(state.thrown);
  } while (state.seen == kPage);
}

}  // namespace gantry
