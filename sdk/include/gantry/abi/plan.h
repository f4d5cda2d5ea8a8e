/* gantry/abi/plan.h - what a plugin adds to the server. Filled in prepare(), checked whole, taken all or none. */
#ifndef GANTRY_ABI_PLAN_H
#define GANTRY_ABI_PLAN_H

#include "gantry/abi/base.h"
#include "gantry/abi/http.h"
#include "gantry/abi/bus.h"
#include "gantry/abi/projection.h"
#include "gantry/abi/health.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Who may call a route; one of them must be given, there is no default. */
#define GANTRY_ACCESS_PUBLIC 1  /* everybody */
#define GANTRY_ACCESS_SESSION 2 /* every authenticated user; ownership is the handler's business */
#define GANTRY_ACCESS_ROLE 3    /* one of `roles` */

#define GANTRY_ON_LOOP 0   /* the handler runs on the event loop and must not block */
#define GANTRY_ON_WORKER 1 /* the handler runs on the worker pool and may block */

#define GANTRY_IDEMPOTENCY_NONE 0
#define GANTRY_IDEMPOTENCY_OPTIONAL 1 /* Idempotency-Key is honoured */
#define GANTRY_IDEMPOTENCY_REQUIRED 2 /* and its absence is 400 IDEMPOTENCY_KEY_MISSING */

typedef struct gantry_route {
  uint32_t size;
  uint32_t access;
  uint32_t thread;
  uint32_t idempotency;
  uint64_t body_bytes_max; /* 0: http.body_bytes_max */
  gantry_str method;       /* GET (answers HEAD too), POST, PUT, PATCH, DELETE */
  gantry_str pattern;      /* "/api/events/{id:uuid}/sections/{section}"; types: uuid, int, text (default) */
  gantry_str chain;        /* list of middleware in the configuration: "public", "private", "admin" */
  gantry_str roles;        /* GANTRY_ACCESS_ROLE: "admin monitoring" */
  gantry_str body_schema;  /* JSON Schema of the request body; empty: no body, or {} */
  gantry_str answer_schema;/* JSON Schema of the 2xx answer; documentation */
  gantry_str reads;        /* name of the projection this reads: Gantry-Min-Position waits for it */
  gantry_str summary;      /* one line for documentation */
  void *self;
  /* Answers through http.h. GANTRY_DONE or GANTRY_PENDING. [io] or [worker] as `thread` says */
  uint32_t (*handle)(void *self, gantry_handle exchange, const gantry_request *request) GANTRY_NOEXCEPT;
} gantry_route;

typedef struct gantry_middleware {
  uint32_t size;
  uint32_t reserved;
  gantry_str name;  /* as it appears in the chains of the configuration */
  gantry_str phase; /* edge trace admit authn quota authz validate cache audit handle */
  void *self;
  /* May be null. GANTRY_NEXT · DONE · PENDING · WORKER. [io]; [worker] after GANTRY_WORKER */
  uint32_t (*on_request)(void *self, gantry_handle exchange, const gantry_request *request) GANTRY_NOEXCEPT;
  /* May be null. Always called on the way back, in reverse order, errors included. [io] */
  void (*on_response)(void *self, gantry_handle exchange, const gantry_request *request) GANTRY_NOEXCEPT;
} gantry_middleware;

typedef struct gantry_migration {
  uint32_t size;
  uint32_t number;     /* 1, 2, 3 ... without gaps, per plugin and database */
  gantry_str database; /* "projections", "auth" */
  gantry_str engine;   /* "sqlite", "postgresql"; those of other engines are passed over */
  gantry_str name;
  gantry_str sql;
} gantry_migration;

/* One version of an event type that this plugin appends or has ever appended (ADR-0016). */
typedef struct gantry_event_type {
  uint32_t size;
  uint32_t reserved;
  gantry_str type;   /* "<plugin id>.<past_tense>.v<N>" */
  gantry_str schema; /* JSON Schema of its data; never changes once it is released */
  void *self;
  /* Null for v1. From v2 on: writes the data of this version into `out`, made of `data` of the version
   * before: one JSON object. Pure: the same input gives the same output, and nothing else is touched.
   * Not GANTRY_OK, or data that breaks the schema: the event cannot be delivered until this is mended.
   * [any] many at once, also while the plugin is being stopped */
  gantry_rc (*upcast)(void *self, gantry_str data, const gantry_sink *out, const gantry_sink *why) GANTRY_NOEXCEPT;
} gantry_event_type;

typedef struct gantry_plan {
  uint32_t size;
  void *self;

  /* All: inputs are copied, functions and their self must live until destroy(). GANTRY_INVALID with the
   * reason when the entry itself is malformed; conflicts with others are found when the plan is
   * checked. [setup], inside prepare() only */
  gantry_rc (*route)(void *self, const gantry_route *route, const gantry_sink *why) GANTRY_NOEXCEPT;
  gantry_rc (*middleware)(void *self, const gantry_middleware *middleware, const gantry_sink *why) GANTRY_NOEXCEPT;
  gantry_rc (*subscribe)(void *self, const gantry_subscription *subscription, const gantry_sink *why) GANTRY_NOEXCEPT;
  gantry_rc (*projection)(void *self, const gantry_projection *projection, const gantry_sink *why) GANTRY_NOEXCEPT;
  gantry_rc (*migration)(void *self, const gantry_migration *migration, const gantry_sink *why) GANTRY_NOEXCEPT;
  gantry_rc (*health_check)(void *self, const gantry_health_check *check, const gantry_sink *why) GANTRY_NOEXCEPT;
  /* table: begins with `uint32_t size; void *self;`, lives until destroy(). */
  gantry_rc (*provide)(void *self, gantry_str service, const void *table, const gantry_sink *why) GANTRY_NOEXCEPT;
  /* Routes of this plugin answer 503 PLUGIN_UNAVAILABLE while nobody provides it. */
  gantry_rc (*need)(void *self, gantry_str service, const gantry_sink *why) GANTRY_NOEXCEPT;
  /* All versions of a type, v1 to the current one, in that order. Only the current one can be appended;
   * older ones are upcast to it before anybody reads them. */
  gantry_rc (*event_type)(void *self, const gantry_event_type *type, const gantry_sink *why) GANTRY_NOEXCEPT;
} gantry_plan;

#ifdef __cplusplus
}
#endif
#endif
