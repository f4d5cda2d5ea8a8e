/* gantry/abi/metrics.h - counters, gauges and histograms, owned by the host and labelled with the plugin.
 * Ask with host->get(host->self, GANTRY_METRICS_ID). */
#ifndef GANTRY_ABI_METRICS_H
#define GANTRY_ABI_METRICS_H

#include "gantry/abi/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GANTRY_METRICS_ID "gantry.metrics/1"

#define GANTRY_COUNTER 0
#define GANTRY_GAUGE 1
#define GANTRY_HISTOGRAM 2 /* of seconds, fixed buckets 1 ms .. 10 s */

typedef struct gantry_metrics {
  uint32_t size;
  void *self;

  /* One time series; asking again for the same name and labels gives the same handle, also after the
   * plugin was switched off and on. labels: "name=value" pairs, few and bounded.
   * GANTRY_INVALID: name or labels malformed, or another kind under that name. [setup] [worker] */
  gantry_rc (*series)(void *self, uint32_t kind, gantry_str name, gantry_str help, const gantry_str *labels,
                      uint32_t count, gantry_handle *series) GANTRY_NOEXCEPT;

  /* Counter: adds; gauge: sets; histogram: observes. [any] */
  void (*record)(void *self, gantry_handle series, double value) GANTRY_NOEXCEPT;
} gantry_metrics;

#ifdef __cplusplus
}
#endif
#endif
