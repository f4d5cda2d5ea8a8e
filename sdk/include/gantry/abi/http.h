/* gantry/abi/http.h - a request, its answer, and what middleware may do between the two.
 * Ask with host->get(host->self, GANTRY_HTTP_ID). */
#ifndef GANTRY_ABI_HTTP_H
#define GANTRY_ABI_HTTP_H

#include "gantry/abi/base.h"
#include "gantry/abi/json.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GANTRY_HTTP_ID "gantry.http/1"

typedef struct gantry_header {
  gantry_str name; /* requests: lower case */
  gantry_str value;
} gantry_header;

/* Borrowed until the function that received it returns. */
typedef struct gantry_request {
  uint32_t size;
  uint32_t header_count;
  uint32_t param_count;
  uint32_t access; /* GANTRY_ACCESS_* of the route, see plan.h */
  gantry_str method;
  gantry_str path;   /* percent-encoded, as sent */
  gantry_str query;  /* without the question mark */
  gantry_str route;  /* the pattern that matched, "/api/events/{id:uuid}" */
  gantry_str body;
  gantry_str peer;       /* client address */
  gantry_str request_id;
  const gantry_header *headers;
  const gantry_str *params;      /* percent-decoded, in the order of the pattern */
  const gantry_json_node *json;  /* the body, when the route has a body schema; else null */
  gantry_str user;   /* id set by the authn middleware, empty for nobody */
  gantry_str roles;  /* of that user, separated by one space */
  gantry_str route_roles; /* what the route demands, separated by one space */
  /* Id for what this request appends: derived from user, route and Idempotency-Key when there is one, so
   * that a repeat after a crash finds what was done; otherwise new. */
  gantry_uuid command;
  uint32_t on_worker; /* 1: this call runs on a worker and may block; 0: on an event loop */
  uint32_t attempt;   /* 0; 1, 2, … when the handler asked to be called again, see GANTRY_AGAIN */
} gantry_request;

/* What a handler or on_request returns. */
#define GANTRY_NEXT 0    /* middleware: go on with the chain */
#define GANTRY_DONE 1    /* answered; the rest of the chain is not asked */
#define GANTRY_PENDING 2 /* resume() will be called exactly once, from any thread */
#define GANTRY_WORKER 3  /* middleware: call me again on a worker, where I may block */
#define GANTRY_AGAIN 4   /* handler: forget what I answered, call me again with the same request */

typedef struct gantry_http {
  uint32_t size;
  void *self;

  /* Sets one header of the answer, in place of one of that name; Set-Cookie, Link, Vary and
   * WWW-Authenticate are added instead. GANTRY_INVALID (bytes that do not belong there) · GANTRY_STALE.
   * All functions here: on the thread that runs the handler; after PENDING from any one thread. */
  gantry_rc (*header)(void *self, gantry_handle exchange, gantry_str name, gantry_str value) GANTRY_NOEXCEPT;

  /* Sets status, Content-Type and body; the last call counts. content_type may be empty with an empty
   * body. */
  gantry_rc (*answer)(void *self, gantry_handle exchange, uint32_t status, gantry_str content_type,
                      gantry_str body) GANTRY_NOEXCEPT;

  /* Answers with a problem document (RFC 9457). code UPPER_SNAKE; params one JSON object or empty;
   * errors one JSON array of {pointer, code, detail} or empty. */
  gantry_rc (*problem)(void *self, gantry_handle exchange, uint32_t status, gantry_str code,
                       gantry_str detail, gantry_str params, gantry_str errors) GANTRY_NOEXCEPT;

  /* Answers for a failure that is not the business's: the host maps rc to status and code, logs `why`
   * and shows it to the client only for GANTRY_INVALID and GANTRY_NOT_FOUND. */
  gantry_rc (*fail)(void *self, gantry_handle exchange, gantry_rc rc, gantry_str why) GANTRY_NOEXCEPT;

  /* The answer so far: 0 when there is none; an empty value when there is no such header. */
  uint32_t (*status)(void *self, gantry_handle exchange) GANTRY_NOEXCEPT;
  gantry_rc (*answer_header)(void *self, gantry_handle exchange, gantry_str name,
                             const gantry_sink *value) GANTRY_NOEXCEPT;

  /* Who is asking; authn middleware only. roles separated by one space. */
  gantry_rc (*principal)(void *self, gantry_handle exchange, gantry_str user, gantry_str roles) GANTRY_NOEXCEPT;

  /* Ends a PENDING: verdict GANTRY_NEXT (middleware), GANTRY_AGAIN (handler) or GANTRY_DONE. A second call or one after the
   * exchange has timed out: GANTRY_STALE, nothing happens. [any] */
  gantry_rc (*resume)(void *self, gantry_handle exchange, uint32_t verdict) GANTRY_NOEXCEPT;

  /* The answer in pieces (chunked): begin once, instead of answer(); then pieces from one thread at a
   * time, after PENDING; end() takes the place of resume(). GANTRY_EXHAUSTED: more than
   * http.stream_buffer_bytes_max wait for the client, nothing was taken. GANTRY_STALE: client gone. */
  gantry_rc (*stream_begin)(void *self, gantry_handle exchange, uint32_t status,
                            gantry_str content_type) GANTRY_NOEXCEPT;
  gantry_rc (*stream_piece)(void *self, gantry_handle exchange, gantry_str bytes) GANTRY_NOEXCEPT;
  gantry_rc (*stream_end)(void *self, gantry_handle exchange) GANTRY_NOEXCEPT;
} gantry_http;

#ifdef __cplusplus
}
#endif
#endif
