/* gantry/abi/log.h - the event log: facts in streams, appended all or none, read back in order.
 * Ask with host->get(host->self, GANTRY_LOG_ID). Source: ADR-0004.
 *
 * A unit collects what one command writes: events of one or more streams, durable timers (timers.h) and
 * the answer for an Idempotency-Key. It is committed whole or not at all. Event n of a unit (from 0) gets
 * the id uuid5(command, "n"), so committing the same command again changes nothing. */
#ifndef GANTRY_ABI_LOG_H
#define GANTRY_ABI_LOG_H

#include "gantry/abi/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GANTRY_LOG_ID "gantry.log/1"

#define GANTRY_ANY ((int64_t)-1)    /* append whatever the version is */
#define GANTRY_EXISTS ((int64_t)-2) /* at least one event is there */
#define GANTRY_ABSENT ((int64_t)0)  /* no event is there */

typedef struct gantry_new_event {
  gantry_str type; /* "<plugin>.<past_tense>.v<N>", current and declared in a plan (plan.h) */
  gantry_str data; /* one JSON object as its schema says, at most log.event_bytes_max bytes */
} gantry_new_event;

/* Borrowed until the function that received it returns. */
typedef struct gantry_event {
  uint32_t size;
  uint32_t reserved;
  gantry_position position;
  gantry_str stream;
  int64_t version; /* 1-based, per stream */
  gantry_uuid id;
  gantry_str type; /* of the current version: events of older ones are upcast before anybody sees them */
  gantry_str data;
  gantry_str meta; /* one JSON object: request_id, actor, causation_id */
  gantry_time recorded_at;
} gantry_event;

typedef struct gantry_outcome {
  uint32_t size;
  gantry_rc rc;          /* OK · CONFLICT · INVALID · EXHAUSTED · UNAVAILABLE · DEADLINE, as log.h says */
  gantry_position first; /* 0 when the unit held no event */
  gantry_position last;
  uint32_t repeated;     /* 1: this command was committed before; positions are those of then */
  uint32_t reserved;
  gantry_str detail;     /* one sentence when rc is not OK; borrowed like the outcome */
} gantry_outcome;

/* Return 0 to stop. */
typedef uint32_t (*gantry_visit_event)(void *state, const gantry_event *event);
typedef void (*gantry_committed)(void *state, const gantry_outcome *outcome);

typedef struct gantry_log {
  uint32_t size;
  void *self;

  /* Begins a unit. meta: one JSON object, kept with each of its events. [worker] [bus] [setup] [io] */
  gantry_rc (*begin)(void *self, const gantry_uuid *command, gantry_str meta,
                     gantry_handle *unit) GANTRY_NOEXCEPT;

  /* Adds `count` events for `stream` (each stream at most once per unit; count 0 only checks the
   * version). expected: the version the caller decided on, or GANTRY_ANY, _EXISTS, _ABSENT.
   * GANTRY_INVALID · GANTRY_EXHAUSTED (log.append_events_max) · GANTRY_STALE. */
  gantry_rc (*append)(void *self, gantry_handle unit, gantry_str stream, int64_t expected,
                      const gantry_new_event *events, uint32_t count,
                      const gantry_sink *why) GANTRY_NOEXCEPT;

  /* Stores the answer that `exchange` holds now as the answer to its Idempotency-Key, with this unit.
   * Without such a key: nothing. */
  gantry_rc (*answer)(void *self, gantry_handle unit, gantry_handle exchange) GANTRY_NOEXCEPT;

  /* Gives the unit away; `done` is called exactly once, after the commit or the refusal, on the log's
   * thread: it must be quick. Units naming the same stream commit in the order of these calls.
   * Not GANTRY_OK: the unit is gone and `done` will not be called. [any] */
  gantry_rc (*commit)(void *self, gantry_handle unit, void *state, gantry_committed done) GANTRY_NOEXCEPT;

  /* The blocking form; rc as in gantry_outcome. detail of `outcome` is empty here, see `why`.
   *   CONFLICT     a stream moved on, nothing written: reload and decide again
   *   INVALID      the unit is wrong, nothing written
   *   EXHAUSTED    log.append_queue_max waits already, nothing written
   *   UNAVAILABLE  nothing written: retry
   *   DEADLINE     unknown: the same command may be committed again        [worker] [bus] [setup] */
  gantry_rc (*commit_wait)(void *self, gantry_handle unit, gantry_outcome *outcome,
                           const gantry_sink *why) GANTRY_NOEXCEPT;

  void (*drop)(void *self, gantry_handle unit) GANTRY_NOEXCEPT;

  /* Events of one stream with version > after, in order, at most `max`. GANTRY_UNAVAILABLE, here and
   * below, also when the type of an event is not known here or its upcaster is switched off: an event is
   * never left out. [worker] [bus] [setup] */
  gantry_rc (*read_stream)(void *self, gantry_str stream, int64_t after, uint32_t max, void *state,
                           gantry_visit_event visit, const gantry_sink *why) GANTRY_NOEXCEPT;

  /* Events of the log with position > after, in order, at most `max`. [worker] [bus] [setup] */
  gantry_rc (*read)(void *self, gantry_position after, uint32_t max, void *state,
                    gantry_visit_event visit, const gantry_sink *why) GANTRY_NOEXCEPT;

  /* The event with that id, or GANTRY_NOT_FOUND: has this command been done? [worker] [bus] [setup] */
  gantry_rc (*find)(void *self, const gantry_uuid *event, void *state, gantry_visit_event visit,
                    const gantry_sink *why) GANTRY_NOEXCEPT;

  /* Position of the last committed event. [any] */
  gantry_position (*head)(void *self) GANTRY_NOEXCEPT;
} gantry_log;

#ifdef __cplusplus
}
#endif
#endif
