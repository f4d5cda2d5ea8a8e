// The inside of Pipeline, shared by its source files: pipeline.cpp (edge), steps.cpp (the way
// forward), conclude.cpp (the way back), replies.cpp and streams.cpp (what plugins call). Not for
// others.
#pragma once
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/pipeline/loop_runs.hpp"
#include "core/pipeline/pipeline.hpp"
#include "core/pipeline/problem.hpp"
#include "core/pipeline/run.hpp"

namespace gantry::pipeline {

struct Pipeline::State {
  State(const PipelineOptions& given, Ports from, std::vector<Loop*> on);

  const PipelineOptions options;
  const Ports ports;
  std::vector<std::unique_ptr<LoopRuns>> loops;
  InFlight in_flight;
  std::optional<observe::Gauge> under_way;

  std::mutex mutex;
  SnapshotPtr current;                                          // guarded by mutex
  const SnapshotPtr nothing = build_snapshot({}, {}).snapshot;  // before the first publish

  // --- the edge (pipeline.cpp); loop only
  Run& begin(Exchange& exchange);
  void look_up(Run& run);
  void release(Run& run);

  // --- the way forward (steps.cpp); by the runner
  enum class Step : uint8_t { kNext, kAway };  // away: somebody else is the runner now
  void go(Run& run, Place place);
  Step step(Run& run, Place place);
  Step chain(Run& run, Place place);
  Step position(Run& run, Place place);
  Step body(Run& run, Place place);
  Step key(Run& run, Place place);
  Step look_up_key(Run& run, Place place);
  Step handler(Run& run, Place place);
  Step on_verdict(Run& run, Place place, uint32_t verdict);
  Step again(Run& run, Place place);
  bool has_begun_to_stream(Run& run);
  Step wait(Run& run, Place place);
  Step to_worker(Run& run);
  Step to_loop(Run& run);
  Step misbehaved(Run& run, Place place, std::string_view what);
  void back(Run& run);     // on the loop again: the runner is the loop
  void expired(Run& run);  // the same, after too long in the queue
  void resumed(Run& run);  // the same, after a plugin's resume()
  Step failed(Run& run, Place place, gantry_rc rc, std::string_view why);
  void unpack(Run& run);
  gantry_request& view_of(Run& run, Place place);
  bool is_gone(Run& run);
  void set_idle(Run& run, bool idle);
  void take_principal(Run& run, Place place);

  // --- the way back (conclude.cpp); loop only
  void fill_view(Run& run);
  void seal(Run& run, bool gone);
  void conclude(Run& run);  // on_response, headers; the answer moves into the exchange
  void hand_over(Run& run);
  void finish(Run& run);  // conclude and send
  void answer_unmatched(Run& run);
  void report(const Run& run);
  void access_line(const Exchange& exchange, const Run& run, bool sent);

  // --- the reply (replies.cpp)
  struct Refusal {
    int status;
    std::string_view code;
    std::string_view detail;
    std::string_view errors = {};
    std::string_view params = {};
    std::string_view why = {};  // for the log; empty: detail
  };
  static Refusal overloaded(std::string_view why) {
    return {503, "OVERLOADED", answer_for(GANTRY_EXHAUSTED).detail, {}, {}, why};
  }
  // Replaces the reply by a problem document, unless the exchange is over.
  void refuse(Run& run, Place place, const Refusal& refusal);
  void write_problem(Run& run, const Refusal& refusal);  // with the lock held
  bool writable(const Run& run) const;                   // with the lock held
  // The Run of a handle, locked, or null. `lock` is not held when null.
  Run* enter(gantry_handle handle, std::unique_lock<SpinLock>& lock);
  // The same when its reply may be written; otherwise null and `rc`.
  Run* enter_reply(gantry_handle handle, std::unique_lock<SpinLock>& lock, gantry_rc& rc);
  gantry_rc stale(Run& run, std::unique_lock<SpinLock>& lock);

  // --- streams (streams.cpp)
  void open_stream(Run& run);
  void pump(Run& run);
};

// The Run whose chain or handler this loop thread is inside now: it may write its reply even after
// the reply was closed to everybody else.
class OnLoop {
 public:
  explicit OnLoop(const Run& run);
  ~OnLoop();
  OnLoop(const OnLoop&) = delete;
  OnLoop& operator=(const OnLoop&) = delete;
  static bool is(const Run& run);

 private:
  const Run* outer_;
};

// Counts calls of one owner after another; an atomic addition for each owner, not for each call.
class Tally {
 public:
  Tally() = default;
  ~Tally() { flush(); }
  Tally(const Tally&) = delete;
  Tally& operator=(const Tally&) = delete;

  void call(Owner& owner) {
    if (&owner != owner_) flush();
    owner_ = &owner;
    ++calls_;
  }

 private:
  void flush() {
    if (owner_) owner_->calls.fetch_add(calls_, std::memory_order_relaxed);
    calls_ = 0;
  }
  Owner* owner_ = nullptr;
  uint64_t calls_ = 0;
};

// First header of that lower-case name, or empty.
inline std::string_view header_of(const gantry_request& request, std::string_view name) {
  for (uint32_t i = 0; i < request.header_count; ++i) {
    const gantry_header& header = request.headers[i];
    if (std::string_view(header.name.data, header.name.size) == name)
      return {header.value.data, header.value.size};
  }
  return {};
}

inline gantry_str to_str(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace gantry::pipeline
