#include "session_rules.hpp"

namespace gantry::auth {

SessionTimes begin_session(const SessionLimits& limits, Instant now) {
  return {now, now + limits.absolute, now};
}

std::optional<SessionEnd> session_end(const SessionTimes& times, const SessionLimits& limits,
                                      Instant now) {
  if (now >= times.expires_at) return SessionEnd::expired;
  if (now - times.last_active_at >= limits.idle) return SessionEnd::idle;
  return std::nullopt;
}

bool touch_due(const SessionTimes& times, const SessionLimits& limits, Instant now) {
  return now - times.last_active_at >= limits.touch;
}

size_t evictions_for_one_more(size_t live, const SessionLimits& limits) {
  return live < limits.per_user_max ? 0 : live + 1 - limits.per_user_max;
}

bool link_is_good(Instant expires_at, Instant now) { return now < expires_at; }

}  // namespace gantry::auth
