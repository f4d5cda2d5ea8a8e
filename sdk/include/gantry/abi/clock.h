/* gantry/abi/clock.h - the time. Ask with host->get(host->self, GANTRY_CLOCK_ID). */
#ifndef GANTRY_ABI_CLOCK_H
#define GANTRY_ABI_CLOCK_H

#include "gantry/abi/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GANTRY_CLOCK_ID "gantry.clock/1"

typedef struct gantry_clock {
  uint32_t size;
  void *self;

  gantry_time (*now)(void *self) GANTRY_NOEXCEPT;       /* the log's clock, UTC; decisions go by it [any] */
  int64_t (*monotonic_ns)(void *self) GANTRY_NOEXCEPT;  /* for durations [any] */
} gantry_clock;

#ifdef __cplusplus
}
#endif
#endif
