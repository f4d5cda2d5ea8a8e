/* gantry/abi/plugin.h - what a plugin is: one exported function that fills one table. */
#ifndef GANTRY_ABI_PLUGIN_H
#define GANTRY_ABI_PLUGIN_H

#include "gantry/abi/host.h"
#include "gantry/abi/plan.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gantry_plugin {
  uint32_t size; /* set by the host to what it knows; a plugin fills slots within it */
  void *self;    /* set by the plugin; passed back to every function below */

  /* Declares everything the plugin adds, into `plan`. No other side effects: `gantry check` calls it
   * too. Anything but GANTRY_OK refuses the plugin, with `why` as the reason. [setup] */
  gantry_rc (*prepare)(void *self, const gantry_plan *plan, const gantry_sink *why) GANTRY_NOEXCEPT;

  /* Migrations have run; nothing is routed here yet. May be null. [setup] */
  gantry_rc (*start)(void *self, const gantry_sink *why) GANTRY_NOEXCEPT;

  /* No request, event or service call is under way any more, and none will come. May be null. [setup] */
  void (*stop)(void *self) GANTRY_NOEXCEPT;

  /* Frees self; the last call. [setup] */
  void (*destroy)(void *self) GANTRY_NOEXCEPT;
} gantry_plugin;

/* The one exported symbol, "gantry_plugin_entry". Makes an instance: no I/O, no threads. `host` outlives
 * the plugin. A plugin that is switched off and on again is entered again. [setup] */
typedef gantry_rc (*gantry_plugin_entry_fn)(const gantry_host *host, gantry_plugin *plugin,
                                            const gantry_sink *why);

#ifdef __cplusplus
}
#endif
#endif
