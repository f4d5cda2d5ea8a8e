/* gantry/abi/config.h - the plugin's own section of the configuration, checked against its schema, with
 * defaults filled in. Ask with host->get(host->self, GANTRY_CONFIG_ID). */
#ifndef GANTRY_ABI_CONFIG_H
#define GANTRY_ABI_CONFIG_H

#include "gantry/abi/base.h"
#include "gantry/abi/json.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GANTRY_CONFIG_ID "gantry.config/1"

typedef struct gantry_config {
  uint32_t size;
  void *self;

  /* The section as a JSON object (json.h); lives as long as the plugin. [any] */
  const gantry_json_node *(*section)(void *self) GANTRY_NOEXCEPT;
} gantry_config;

#ifdef __cplusplus
}
#endif
#endif
