// When a session or a magic link is good, and which session makes room for a new one. Pure: no
// clock, no I/O.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "gantry/instant.hpp"

namespace gantry::auth {

struct SessionLimits {
  std::chrono::seconds absolute{86400};
  std::chrono::seconds idle{1800};
  std::chrono::seconds touch{60};  // last_active_at is written at most that often
  size_t per_user_max = 5;
};

struct SessionTimes {
  Instant created_at, expires_at, last_active_at;
};

SessionTimes begin_session(const SessionLimits& limits, Instant now);

enum class SessionEnd { expired, idle };
// Why the session is over at `now`; nullopt while it is good.
std::optional<SessionEnd> session_end(const SessionTimes& times, const SessionLimits& limits,
                                      Instant now);

bool touch_due(const SessionTimes& times, const SessionLimits& limits, Instant now);

// How many of a user's `live` sessions have to go, oldest first, so that one more fits.
size_t evictions_for_one_more(size_t live, const SessionLimits& limits);

// A link is good until, and not at, expires_at.
bool link_is_good(Instant expires_at, Instant now);

}  // namespace gantry::auth
