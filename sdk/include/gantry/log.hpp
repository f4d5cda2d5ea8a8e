// StoredEvent: an event read back; reading streams. What writes is gantry/unit.hpp. Source:
// ADR-0004.
#pragma once
#include <algorithm>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <type_traits>

#include "gantry/host.hpp"

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

// Visits the events of one stream with version > after, in order, at most `max`.
// f(const StoredEvent&); its exceptions come out here.
template <class F>
void read_stream(const Host& host, std::string_view stream, int64_t after, F&& f,
                 uint64_t max = UINT64_MAX) {
  struct State {
    std::remove_reference_t<F>* f;
    int64_t last;
    uint32_t seen;
    std::exception_ptr thrown;
  };
  const auto& log = host.log();
  State state{&f, after, 0, nullptr};
  constexpr uint32_t kPage = 500;
  uint32_t page;
  do {
    page = static_cast<uint32_t>(std::min<uint64_t>(kPage, max));
    state.seen = 0;
    TextSink why;
    check(log.read_stream(
              log.self, to_abi(stream), state.last, page, &state,
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
    max -= state.seen;
  } while (state.seen == page && max > 0);
}

}  // namespace gantry
