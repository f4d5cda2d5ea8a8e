/* gantry/abi/ids.h - new identifiers and random bytes. Ask with host->get(host->self, GANTRY_IDS_ID). */
#ifndef GANTRY_ABI_IDS_H
#define GANTRY_ABI_IDS_H

#include "gantry/abi/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GANTRY_IDS_ID "gantry.ids/1"

typedef struct gantry_ids {
  uint32_t size;
  void *self;

  void (*uuid7)(void *self, gantry_uuid *id) GANTRY_NOEXCEPT; /* RFC 9562, time-ordered [any] */
  /* Cryptographically secure. [any] */
  void (*random)(void *self, uint8_t *bytes, uint32_t count) GANTRY_NOEXCEPT;
} gantry_ids;

#ifdef __cplusplus
}
#endif
#endif
