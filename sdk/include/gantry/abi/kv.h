/* gantry/abi/kv.h - short-lived shared key-value: caches, limits, revocations. May vanish at any time; what
 * must not be lost goes into the log or into SQL. Ask with host->get(host->self, GANTRY_KV_ID). */
#ifndef GANTRY_ABI_KV_H
#define GANTRY_ABI_KV_H

#include "gantry/abi/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GANTRY_KV_ID "gantry.kv/1"

typedef struct gantry_kv {
  uint32_t size;
  void *self;

  /* Keys are the plugin's own, 1..256 bytes; values at most 64 KiB. All [any]. */
  gantry_rc (*get)(void *self, gantry_str key, const gantry_sink *value) GANTRY_NOEXCEPT; /* GANTRY_NOT_FOUND */
  /* ttl_ms > 0. The least recently used go first when the store is full. */
  gantry_rc (*put)(void *self, gantry_str key, gantry_str value, uint64_t ttl_ms) GANTRY_NOEXCEPT;
  gantry_rc (*erase)(void *self, gantry_str key) GANTRY_NOEXCEPT;
  /* Adds to an integer (absent counts as 0 and lives ttl_ms from now), atomically. */
  gantry_rc (*add)(void *self, gantry_str key, int64_t delta, uint64_t ttl_ms, int64_t *sum) GANTRY_NOEXCEPT;
} gantry_kv;

#ifdef __cplusplus
}
#endif
#endif
