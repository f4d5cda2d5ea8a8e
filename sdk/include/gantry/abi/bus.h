/* gantry/abi/bus.h - a subscription: a process that is told of every event of some streams, after commit.
 * Declared through plan->subscribe. Source: ADR-0005. */
#ifndef GANTRY_ABI_BUS_H
#define GANTRY_ABI_BUS_H

#include "gantry/abi/base.h"
#include "gantry/abi/log.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gantry_subscription {
  uint32_t size;
  uint32_t stream_count;
  gantry_str name;           /* "<plugin>.<purpose>", the key of its checkpoint: never rename */
  const gantry_str *streams; /* "payment-*" (a category) or "*" */
  void *self;

  /* Serial per stream, in order; streams run beside each other. GANTRY_OK: done. Anything else: the
   * event comes again after a back-off, and later events of the stream wait. After a crash an event may
   * come again: use command ids made from (name, event->id). [bus] */
  gantry_rc (*handle)(void *self, const gantry_event *event, const gantry_sink *why) GANTRY_NOEXCEPT;
} gantry_subscription;

#ifdef __cplusplus
}
#endif
#endif
