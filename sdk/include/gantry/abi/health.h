/* gantry/abi/health.h - how the server is. Checks are declared through plan->health_check; this table reads the
 * last results. Ask with host->get(host->self, GANTRY_HEALTH_ID). */
#ifndef GANTRY_ABI_HEALTH_H
#define GANTRY_ABI_HEALTH_H

#include "gantry/abi/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GANTRY_HEALTH_ID "gantry.health/1"

typedef struct gantry_health_check {
  uint32_t size;
  uint32_t critical;   /* 1: /ready goes red with it */
  uint32_t timeout_ms; /* counts as failed after that */
  uint32_t reserved;
  gantry_str name;
  void *self;
  /* GANTRY_OK: healthy; else `why` gets one word: timeout, refused, read_only, ... [worker] */
  gantry_rc (*check)(void *self, const gantry_sink *why) GANTRY_NOEXCEPT;
} gantry_health_check;

typedef struct gantry_health_result {
  uint32_t size;
  uint32_t healthy;
  uint32_t critical;
  uint32_t duration_ms;
  gantry_str name;
  gantry_str detail; /* empty when healthy */
} gantry_health_result;

typedef struct gantry_health {
  uint32_t size;
  void *self;

  /* Last result of every check; no check is run by this call. Borrowed until visit returns. [any] */
  void (*each)(void *self, void *state,
               void (*visit)(void *state, const gantry_health_result *result)) GANTRY_NOEXCEPT;

  /* 1 unless starting, draining, a critical check fails, or a route lacks a middleware it names;
   * otherwise 0 and the reason. [any] */
  uint32_t (*ready)(void *self, const gantry_sink *reason) GANTRY_NOEXCEPT;

  /* 1 while event loops and workers make progress; touches no dependency. [any] */
  uint32_t (*live)(void *self) GANTRY_NOEXCEPT;

  uint64_t (*uptime_ms)(void *self) GANTRY_NOEXCEPT; /* [any] */
} gantry_health;

#ifdef __cplusplus
}
#endif
#endif
