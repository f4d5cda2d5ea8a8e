// The wall clock of this process, moved by a test while it runs. Builds with fail points obey
// GANTRY_CLOCK_SKEW=<file>: its first 8 bytes, a signed number in this machine's byte order, are
// microseconds that every reading of the wall clock is off by, from the moment they are written.
// The monotonic clock is not moved.
#pragma once
#ifdef GANTRY_FAIL_POINTS
#include <cstdint>
#include <string>

namespace gantry::runtime {

//   returns  one sentence when there is no such file
std::string follow_clock_skew(const std::string& file);  // [setup]

int64_t clock_skew_us();  // [any]

}  // namespace gantry::runtime
#endif
