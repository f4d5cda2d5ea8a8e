/* gantry/abi/services.h - typed tables that plugins offer each other, found by id ("gantry.payment_provider/1").
 * Ask with host->get(host->self, GANTRY_SERVICES_ID). A table begins with `uint32_t size; void *self;`.
 * Offered through plan->provide. */
#ifndef GANTRY_ABI_SERVICES_H
#define GANTRY_ABI_SERVICES_H

#include "gantry/abi/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GANTRY_SERVICES_ID "gantry.services/1"

typedef struct gantry_services {
  uint32_t size;
  void *self;

  /* Borrows the table of service `id` until release(); while it is held, its owner is not stopped.
   * Hold it for one call, never across requests. GANTRY_UNAVAILABLE: nobody offers it now. [any] */
  gantry_rc (*acquire)(void *self, gantry_str id, const void **table, gantry_handle *lease,
                       const gantry_sink *why) GANTRY_NOEXCEPT;
  void (*release)(void *self, gantry_handle lease) GANTRY_NOEXCEPT;
} gantry_services;

#ifdef __cplusplus
}
#endif
#endif
