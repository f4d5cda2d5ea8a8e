/* gantry/abi/timers.h - durable timers: at a time, an event on a stream, exactly once, restarts or not.
 * Ask with host->get(host->self, GANTRY_TIMERS_ID).
 *
 * A timer is named by (stream, key). When due by the log's clock, the event gantry.timer_fired.v1
 * {"key", "due_at", "payload"} is appended to the stream; whoever subscribes to the stream acts on it. */
#ifndef GANTRY_ABI_TIMERS_H
#define GANTRY_ABI_TIMERS_H

#include "gantry/abi/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GANTRY_TIMERS_ID "gantry.timers/1"
#define GANTRY_TIMER_FIRED "gantry.timer_fired.v1"

typedef struct gantry_timers {
  uint32_t size;
  void *self;

  /* Sets the timer, or moves it when it is pending; takes effect with the commit of `unit` (log.h).
   * payload: one JSON object or empty. GANTRY_INVALID · GANTRY_STALE. As begin() of log.h. */
  gantry_rc (*set)(void *self, gantry_handle unit, gantry_str stream, gantry_str key, gantry_time due,
                   gantry_str payload) GANTRY_NOEXCEPT;

  /* Cancels it with the commit of `unit`; nothing when it is not pending. */
  gantry_rc (*cancel)(void *self, gantry_handle unit, gantry_str stream, gantry_str key) GANTRY_NOEXCEPT;
} gantry_timers;

#ifdef __cplusplus
}
#endif
#endif
