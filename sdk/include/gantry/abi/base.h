/* gantry/abi/base.h - types and return codes that every other interface uses.
 *
 * What crosses the boundary between host and plugin: fixed-width integers, double, gantry_str, opaque
 * 64-bit handles, pointers to structs that begin with `uint32_t size`, function pointers with a
 * `void *self`. Never a C++ or Poco type, an exception, an enum type, or the right to free memory.
 *
 * Ownership, three rules for all interfaces:
 *   1. inputs are borrowed until the call returns;
 *   2. outputs are written into a gantry_sink, or live in the request's arena;
 *   3. long-lived things are handles, made and destroyed on the same side.
 *
 * Thread tags at the end of each comment:
 *   [setup]  one call at a time, while the plugin is prepared, started or stopped; may block
 *   [io]     an event loop; many calls at once; must not block
 *   [worker] the bounded worker pool; many calls at once; may block
 *   [bus]    a consumer; serial per key; may block
 *   [any]    every thread
 *
 * Source: ADR-0003. */
#ifndef GANTRY_ABI_BASE_H
#define GANTRY_ABI_BASE_H

#include <stdint.h>

#ifdef __cplusplus
#define GANTRY_NOEXCEPT noexcept
extern "C" {
#else
#define GANTRY_NOEXCEPT
#endif

/* Bytes, UTF-8 unless said otherwise. Not NUL-terminated. data may be null when size is 0. */
typedef struct gantry_str {
  const char *data;
  uint64_t size;
} gantry_str;

typedef struct gantry_uuid {
  uint8_t bytes[16];
} gantry_uuid;

/* Microseconds since 1970-01-01T00:00:00Z. */
typedef int64_t gantry_time;

/* Position in the event log: dense, 1, 2, 3 ... ; 0 is "before the first event". */
typedef int64_t gantry_position;

/* Slot and generation: a stale one is answered with GANTRY_STALE. 0 is never a valid handle. */
typedef uint64_t gantry_handle;

/* Where the called side writes bytes. write() appends and may be called any number of times. */
typedef struct gantry_sink {
  void *self;
  void (*write)(void *self, gantry_str bytes) GANTRY_NOEXCEPT;
} gantry_sink;

/* Outcome of a call. Where a function has a `why` sink (it may be null), it receives one sentence
 * whenever the outcome is not GANTRY_OK. */
typedef int32_t gantry_rc;
#define GANTRY_OK 0          /* done */
#define GANTRY_INVALID 1     /* the caller's arguments are wrong; repeating will not help */
#define GANTRY_NOT_FOUND 2   /* there is no such thing */
#define GANTRY_CONFLICT 3    /* somebody else was faster; reload and decide again */
#define GANTRY_UNAVAILABLE 4 /* nothing was done; try again later */
#define GANTRY_DEADLINE 5    /* outcome unknown; repeating with the same ids is safe */
#define GANTRY_EXHAUSTED 6   /* a bound from the configuration is reached */
#define GANTRY_DENIED 7      /* not granted to this plugin, or not on this thread */
#define GANTRY_STALE 8       /* the handle's object is gone */
#define GANTRY_INTERNAL 9    /* the called side failed; it has been logged there */

#ifdef __cplusplus
}
#endif
#endif
