/* gantry/abi/host.h - the one object a plugin is given; everything else is asked for by id. */
#ifndef GANTRY_ABI_HOST_H
#define GANTRY_ABI_HOST_H

#include "gantry/abi/base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gantry_host {
  uint32_t size;
  void *self;

  /* The table of interface `id` ("gantry.log/1"), or null: this host does not have it, or the plugin's
   * manifest does not ask for it. Every table begins with `uint32_t size; void *self;` and only grows at
   * its end: check `size` before using a slot that your manifest does not demand. The table lives as
   * long as the plugin; pass its `self` as first argument of its functions. [any] */
  const void *(*get)(void *self, gantry_str id) GANTRY_NOEXCEPT;

  /* The id from the manifest, and the host's version ("0.1.0"). [any] */
  gantry_str (*plugin_id)(void *self) GANTRY_NOEXCEPT;
  gantry_str (*version)(void *self) GANTRY_NOEXCEPT;
} gantry_host;

#ifdef __cplusplus
}
#endif
#endif
