/* A plugin in plain C99: GET /hello-c answers {"message":"hello from C"} on the event loop and
 * counts. Everything it knows of the host comes through the tables it asks for by id. */
#include <stdlib.h>
#include <string.h>

#include "gantry/abi/http.h"
#include "gantry/abi/metrics.h"
#include "gantry/abi/plugin.h"

#define TEXT(literal) \
  (gantry_str) { (literal), sizeof(literal) - 1 }

typedef struct hello {
  const gantry_http* http;
  const gantry_metrics* metrics; /* null when this host has none */
  gantry_handle greetings;
} hello;

/* [io] Runs on an event loop: many at once, so everything here is read-only or the host's. */
static uint32_t say_hello(void* self, gantry_handle exchange, const gantry_request* request) {
  const hello* me = self;
  (void)request;
  me->http->answer(me->http->self, exchange, 200, TEXT("application/json"),
                   TEXT("{\"message\":\"hello from C\"}"));
  if (me->greetings != 0) me->metrics->record(me->metrics->self, me->greetings, 1);
  return GANTRY_DONE;
}

static gantry_rc prepare(void* self, const gantry_plan* plan, const gantry_sink* why) {
  gantry_route route;
  memset(&route, 0, sizeof route);
  route.size = sizeof route;
  route.method = TEXT("GET");
  route.pattern = TEXT("/hello-c");
  route.chain = TEXT("public");
  route.access = GANTRY_ACCESS_PUBLIC;
  route.thread = GANTRY_ON_LOOP;
  route.summary = TEXT("Says hello from C");
  route.self = self;
  route.handle = say_hello;
  return plan->route(plan->self, &route, why);
}

static gantry_rc start(void* self, const gantry_sink* why) {
  hello* me = self;
  (void)why;
  if (me->metrics != NULL) {
    me->metrics->series(me->metrics->self, GANTRY_COUNTER, TEXT("hello_c_greetings_total"),
                        TEXT("Greetings said"), NULL, 0, &me->greetings);
  }
  return GANTRY_OK; /* a missing metric is no reason not to serve */
}

static void destroy(void* self) { free(self); }

__attribute__((visibility("default"))) gantry_rc gantry_plugin_entry(const gantry_host* host,
                                                                     gantry_plugin* plugin,
                                                                     const gantry_sink* why) {
  hello* me = calloc(1, sizeof *me);
  if (me == NULL) {
    why->write(why->self, TEXT("out of memory"));
    return GANTRY_UNAVAILABLE;
  }
  me->http = host->get(host->self, TEXT(GANTRY_HTTP_ID));
  me->metrics = host->get(host->self, TEXT(GANTRY_METRICS_ID));
  plugin->self = me;
  plugin->prepare = prepare;
  plugin->start = start;
  plugin->destroy = destroy;
  return GANTRY_OK;
}
