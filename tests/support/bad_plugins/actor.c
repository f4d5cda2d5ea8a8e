/* A plugin for the loader's tests. What it does is chosen by macros, see CMakeLists.txt. It tells
 * what happens to it through the host's log, and that any of its code ran at all through a file:
 * $GANTRY_TEST_RAN. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gantry/abi/http.h"
#include "gantry/abi/json.h"
#include "gantry/abi/kv.h"
#include "gantry/abi/log.h"
#include "gantry/abi/logger.h"
#include "gantry/abi/metrics.h"
#include "gantry/abi/plugin.h"
#include "gantry/abi/services.h"
#include "gantry/abi/sql.h"
#include "gantry/abi/timers.h"

#ifndef ACTOR_PATTERN
#define ACTOR_PATTERN "/" ACTOR_ID
#endif

static gantry_str text(const char* chars) {
  gantry_str out;
  out.data = chars;
  out.size = strlen(chars);
  return out;
}

__attribute__((constructor)) static void ran(void) {
  const char* path = getenv("GANTRY_TEST_RAN");
  FILE* file = path ? fopen(path, "a") : NULL;
  if (file == NULL) return;
  fprintf(file, "%s\n", ACTOR_ID);
  fclose(file);
}

#ifdef ACTOR_NO_ENTRY
#define ACTOR_VISIBILITY "hidden"
#else
#define ACTOR_VISIBILITY "default"
#endif

/* What test.echo/1 offers. */
typedef struct echo_table {
  uint32_t size;
  void* self;
  int32_t (*echo)(void* self, int32_t value) GANTRY_NOEXCEPT;
} echo_table;

typedef struct actor {
  const gantry_host* host;
  const gantry_logger* logger;
  echo_table echo;
} actor;

static void tell(const actor* me, const char* what) {
  if (me->logger)
    me->logger->write(me->logger->self, GANTRY_INFO, text(what), text(ACTOR_ID), NULL, 0);
}

static void answered(void* self, gantry_rc rc, const gantry_sql_rows* rows, gantry_str why) {
  (void)why;
  tell(self, rc == GANTRY_OK && rows->count == 1 ? "test.answered" : "test.not_answered");
}

/* [worker] Answers by kind of table; the test calls it directly. [io] With a body it asks as well.
 */
static uint32_t handle(void* self, gantry_handle exchange, const gantry_request* request) {
  const actor* me = self;
  const gantry_http* http = me->host->get(me->host->self, text(GANTRY_HTTP_ID));
  if (request && request->body.size != 0) {
    const gantry_sql* sql = me->host->get(me->host->self, text(GANTRY_SQL_ID));
    sql->ask(sql->self, text("projections"), request->body, NULL, 0, self, answered, NULL);
  }
  http->answer(http->self, exchange, 200, text("text/plain"), text(ACTOR_ID));
  return GANTRY_DONE;
}

#ifdef ACTOR_PROVIDES
static int32_t echo(void* self, int32_t value) {
  (void)self;
  return value;
}
#endif
#ifdef ACTOR_HEALTH
static gantry_rc check(void* self, const gantry_sink* why) {
  (void)self;
  (void)why;
  return GANTRY_OK;
}
#endif
#ifdef ACTOR_LISTENS
static gantry_rc listen(void* self, const gantry_event* event, const gantry_sink* why) {
  if (event->data.size == 0) {
    why->write(why->self, text("no data"));
    return GANTRY_INVALID;
  }
  tell(self, "test.heard");
  return GANTRY_OK;
}
#endif
#ifdef ACTOR_PROJECTS
static gantry_rc apply(void* self, const gantry_event* event, gantry_handle session,
                       const gantry_sink* why) {
  const actor* me = self;
  const gantry_sql* sql = me->host->get(me->host->self, text(GANTRY_SQL_ID));
  gantry_sql_value value;
  memset(&value, 0, sizeof value);
  value.type = GANTRY_SQL_TEXT;
  value.bytes = event->stream;
  if (sql->commit(sql->self, session, NULL) != GANTRY_DENIED) return GANTRY_INTERNAL;
  return sql->exec(sql->self, session, text("INSERT INTO actor_row(stream) VALUES (?)"), &value, 1,
                   NULL, why);
}
#endif

static gantry_rc prepare(void* self, const gantry_plan* plan, const gantry_sink* why) {
  gantry_route route;
#ifdef ACTOR_PREPARE_FAILS
  why->write(why->self, text("not in the mood"));
  return GANTRY_INVALID;
#endif
  memset(&route, 0, sizeof route);
  route.size = sizeof route;
  route.method = text("GET");
  route.pattern = text(ACTOR_PATTERN);
  route.chain = text("public");
#ifndef ACTOR_NO_ACCESS
  route.access = GANTRY_ACCESS_PUBLIC;
#endif
  route.thread = GANTRY_ON_WORKER;
  route.self = self;
  route.handle = handle;
#ifdef ACTOR_PROVIDES
  {
    actor* me = self;
    gantry_rc rc;
    me->echo.size = sizeof me->echo;
    me->echo.self = self;
    me->echo.echo = echo;
    rc = plan->provide(plan->self, text("test.echo/1"), &me->echo, why);
    if (rc != GANTRY_OK) return rc;
  }
#endif
#ifdef ACTOR_HEALTH
  {
    gantry_health_check health;
    gantry_rc rc;
    memset(&health, 0, sizeof health);
    health.size = sizeof health;
    health.timeout_ms = 1000;
    health.name = text(ACTOR_ID);
    health.self = self;
    health.check = check;
    rc = plan->health_check(plan->self, &health, why);
    if (rc != GANTRY_OK) return rc;
  }
#endif
#ifdef ACTOR_LISTENS
  {
    gantry_subscription subscription;
    gantry_str streams = text("*");
    gantry_rc rc;
    memset(&subscription, 0, sizeof subscription);
    subscription.size = sizeof subscription;
    subscription.stream_count = 1;
    subscription.name = text(ACTOR_ID ".listen");
    subscription.streams = &streams;
    subscription.self = self;
    subscription.handle = listen;
    rc = plan->subscribe(plan->self, &subscription, why);
    if (rc != GANTRY_OK) return rc;
  }
#endif
#ifdef ACTOR_PROJECTS
  {
    gantry_projection projection;
    gantry_str streams = text("thing-*");
    gantry_rc rc;
    memset(&projection, 0, sizeof projection);
    projection.size = sizeof projection;
    projection.version = 1;
    projection.name = text(ACTOR_ID ".rows");
    projection.database = text("projections");
    projection.streams = &streams;
    projection.stream_count = 1;
    projection.self = self;
    projection.apply = apply;
    rc = plan->projection(plan->self, &projection, why);
    if (rc != GANTRY_OK) return rc;
  }
#endif
#ifdef ACTOR_MIGRATES
  {
    gantry_migration migration;
    gantry_rc rc;
    memset(&migration, 0, sizeof migration);
    migration.size = sizeof migration;
    migration.number = 1;
    migration.database = text("projections");
    migration.engine = text("sqlite");
    migration.name = text("rows");
#ifdef ACTOR_BAD_SQL
    migration.sql = text("CREATE TABBLE actor_row");
#else
    migration.sql = text("CREATE TABLE actor_row (stream TEXT NOT NULL) STRICT");
#endif
    rc = plan->migration(plan->self, &migration, why);
    if (rc != GANTRY_OK) return rc;
  }
#endif
  return plan->route(plan->self, &route, why);
}

static gantry_rc start(void* self, const gantry_sink* why) {
#ifdef ACTOR_START_FAILS
  why->write(why->self, text("the engine is cold"));
  (void)self;
  return GANTRY_UNAVAILABLE;
#else
  (void)why;
  tell(self, "test.started");
  return GANTRY_OK;
#endif
}

static void stop(void* self) { tell(self, "test.stopped"); }

static void destroy(void* self) {
  tell(self, "test.destroyed");
  free(self);
}

__attribute__((visibility(ACTOR_VISIBILITY))) gantry_rc gantry_plugin_entry(
    const gantry_host* host, gantry_plugin* plugin, const gantry_sink* why) {
  actor* me;
#ifdef ACTOR_ENTRY_FAILS
  why->write(why->self, text("wrong moon"));
  return GANTRY_UNAVAILABLE;
#endif
  (void)why;
  me = calloc(1, sizeof *me);
  if (me == NULL) return GANTRY_UNAVAILABLE;
  me->host = host;
  me->logger = host->get(host->self, text(GANTRY_LOGGER_ID));
  plugin->self = me;
  plugin->prepare = prepare;
  plugin->start = start;
  plugin->stop = stop;
  plugin->destroy = destroy;
  return GANTRY_OK;
}
