/* gantry/abi/projection.h - a projection: rows of a read model, written in the transaction of its checkpoint.
 * Declared through plan->projection. Each event takes effect exactly once. Source: ADR-0011. */
#ifndef GANTRY_ABI_PROJECTION_H
#define GANTRY_ABI_PROJECTION_H

#include "gantry/abi/base.h"
#include "gantry/abi/log.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gantry_projection {
  uint32_t size;
  uint32_t version;          /* raise it when rows must be made anew; starts from the first event */
  gantry_str name;           /* "<plugin>.<view>" */
  gantry_str database;       /* "projections", "auth": where the rows are */
  const gantry_str *streams; /* "inventory-*" (a category) or "*" */
  uint32_t stream_count;
  uint32_t reserved;
  void *self;

  /* Writes the rows of one event with `session` (sql.h), inside the open transaction. Nothing else: no
   * clock, no network, no append. Not GANTRY_OK: everything is rolled back and tried again. [bus] */
  gantry_rc (*apply)(void *self, const gantry_event *event, gantry_handle session,
                     const gantry_sink *why) GANTRY_NOEXCEPT;
} gantry_projection;

#ifdef __cplusplus
}
#endif
#endif
