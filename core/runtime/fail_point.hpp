// Fail points: named places at which a test lets the process die, fail, hang or wait. A build with
// the CMake option GANTRY_FAIL_POINTS obeys the environment variable GANTRY_FAIL; in any other the
// macro is nothing, whatever the environment says.
//
//   GANTRY_FAIL = rule ("," rule)*
//   rule        = point ":" "crash" [":" n]   SIGKILL to oneself at the n-th hit: nothing is
//   cleaned up
//               | point ":" "error" [":" n]   the n-th hit throws Error{Unavailable}
//               | point ":" "hang"  [":" n]   the n-th hit never returns
//               | point ":" "delay" ":" ms    every hit takes so much longer, 1..600000 ms
//   n           = 1..1000000000, 1 when left out; hits of all threads count together
//
// Several rules may name one point; they are obeyed in their order.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gantry::runtime {

// All there are. A name that is not here does not compile, and does not start.
inline constexpr std::string_view kFailPoints[] = {
    "append.before_stream_lock", "append.after_log_lock",    "append.before_insert",
    "append.after_insert",       "append.before_notify",     "append.before_commit",
    "append.after_commit",       "append.before_signal",     "checkpoint.before_apply",
    "checkpoint.mid_batch",      "checkpoint.before_commit", "checkpoint.after_commit",
    "timer.before_claim",        "timer.after_commit",       "snapshot.before_keep",
};
inline constexpr size_t kFailPointCount = sizeof kFailPoints / sizeof kFailPoints[0];

// Place of `name` in the list; no constant when it is not there, so that a typo does not compile.
constexpr size_t fail_point(std::string_view name) {
  for (size_t i = 0; i < kFailPointCount; ++i) {
    if (kFailPoints[i] == name) return i;
  }
  throw "there is no such fail point";
}

enum class FailAction : uint8_t { crash, error, hang, delay };

struct FailRule {
  size_t point = 0;
  FailAction action = FailAction::crash;
  uint32_t n = 1;  // which hit; of a delay: milliseconds
  friend bool operator==(const FailRule&, const FailRule&) = default;
};

struct FailPlan {
  std::vector<FailRule> rules;
  std::string fault;  // one sentence; empty: the text was well formed
};

FailPlan parse_fail_plan(std::string_view text);

// Obeys `rules` from now on and counts from 0 again. Before the threads that hit. [setup]
void arm_fail_points(std::vector<FailRule> rules);

//   throws  Unavailable  a rule says "error"
void hit_fail_point(size_t point);  // [any]

// Whether any rule is obeyed: then what would leave together leaves piece by piece, so that the
// points between the pieces mean something.  [any]
#ifdef GANTRY_FAIL_POINTS
bool are_fail_points_armed();
#else
constexpr bool are_fail_points_armed() { return false; }
#endif

// Takes only what is a constant; made but not used, it is no code.
template <size_t kPoint>
struct FailPointName {
  static constexpr size_t kIndex = kPoint;
};

}  // namespace gantry::runtime

#ifdef GANTRY_FAIL_POINTS
#define GANTRY_FAIL_POINT(name)      \
  ::gantry::runtime::hit_fail_point( \
      ::gantry::runtime::FailPointName<::gantry::runtime::fail_point(name)>::kIndex)
#else
#define GANTRY_FAIL_POINT(name) \
  static_cast<void>(::gantry::runtime::FailPointName<::gantry::runtime::fail_point(name)>{})
#endif
