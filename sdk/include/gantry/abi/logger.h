/* gantry/abi/logger.h - structured log lines. Ask with host->get(host->self, GANTRY_LOGGER_ID).
 * Never log secrets, tokens, bodies or e-mail addresses. */
#ifndef GANTRY_ABI_LOGGER_H
#define GANTRY_ABI_LOGGER_H

#include "gantry/abi/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GANTRY_LOGGER_ID "gantry.logger/1"

#define GANTRY_TRACE 0
#define GANTRY_DEBUG 1
#define GANTRY_INFO 2
#define GANTRY_WARN 3
#define GANTRY_ERROR 4

typedef struct gantry_log_field {
  gantry_str name;
  gantry_str value;
} gantry_log_field;

typedef struct gantry_logger {
  uint32_t size;
  void *self;

  uint32_t (*enabled)(void *self, uint32_t level) GANTRY_NOEXCEPT; /* [any] */

  /* event: a stable dotted name ("payments.provider_slow"); message: one sentence. Never blocks for
   * long; plugin id, request id and the like are added by the host. [any] */
  void (*write)(void *self, uint32_t level, gantry_str event, gantry_str message,
                const gantry_log_field *fields, uint32_t count) GANTRY_NOEXCEPT;
} gantry_logger;

#ifdef __cplusplus
}
#endif
#endif
