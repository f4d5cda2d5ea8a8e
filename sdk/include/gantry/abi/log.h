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

  /* Adds `count` events for `stream`; count 0 only checks the version.
   * expected  the version the caller decided on, or GANTRY_ANY, _EXISTS, _ABSENT
   * tip       id of the event at `expected`, which may still be on its way: another event there is
   *           CONFLICT. May be null.
   * last      may be null; gets the id that the last of these events will have
   * Again for the same stream, with the same expected and tip: adds to it, as long as no other stream
   * has got events in between.
   * GANTRY_CONFLICT (the unit rests on another version of the stream already) · GANTRY_INVALID ·
   * GANTRY_EXHAUSTED (log.append_events_max) · GANTRY_STALE. */
  gantry_rc (*append)(void *self, gantry_handle unit, gantry_str stream, int64_t expected,
                      const gantry_uuid *tip, const gantry_new_event *events, uint32_t count,
                      gantry_uuid *last, const gantry_sink *why) GANTRY_NOEXCEPT;

  /* Stores the answer that `exchange` holds now as the answer to its Idempotency-Key, with this unit.
   * Without such a key: nothing. */
  gantry_rc (*answer)(void *self, gantry_handle unit, gantry_handle exchange) GANTRY_NOEXCEPT;

  /* Gives the unit away; `done` is called exactly once, after the commit or the refusal, on the thread
   * that commits (the log's): it must be quick. A unit that holds nothing, or is refused because of its predecessor, is
   * done before this returns. Units naming the same stream commit in the order of these calls, except
   * for those that wait, see after().
   * Not GANTRY_OK: the unit is gone and `done` will not be called. [any] */
  gantry_rc (*commit)(void *self, gantry_handle unit, void *state, gantry_committed done) GANTRY_NOEXCEPT;

  /* The blocking form; rc as in gantry_outcome. detail of `outcome` is empty here, see `why`.
   *   CONFLICT     a stream moved on, or the request was answered or begun elsewhere, under the same
   *                Idempotency-Key; nothing written: reload and decide again
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

  /* --- Deciding ahead of the commit (ADR-0008) --- */

  /* Takes events, timers and the answer out of the unit and leaves the version checks: for committing a
   * refusal, which is only as good as the state it was decided on. Its watches are told GANTRY_STALE,
   * units after it are refused. Whoever began the unit. */
  gantry_rc (*keep_checks)(void *self, gantry_handle unit) GANTRY_NOEXCEPT;

  /* `told` is called exactly once, before `done`: when the unit is committed, refused, or dropped (rc
   * GANTRY_STALE; after keep_checks() it may watch again); on the thread that commits, which may be the one
   * that waits in commit_wait(), or on the one that drops it: it must be quick. For every plugin that adds to the unit; its generation lives until then.
   * GANTRY_STALE · GANTRY_CONFLICT (it is refused already): `told` will not be called. [any] */
  gantry_rc (*watch)(void *self, gantry_handle unit, void *state, gantry_committed told) GANTRY_NOEXCEPT;

  /* Gives `unit` to the log only after `predecessor`, an open unit of any plugin, on whose events it was
   * decided. When that is dropped, refused or repeated, `unit` is refused with CONFLICT.
   *   OK         noted; nothing to wait for when the predecessor is with the log already
   *   NOT_FOUND  the predecessor is over, its watches have been told how
   *   CONFLICT   it is lost already, or itself waits for `unit`: drop `unit`, decide again
   *   STALE      `unit` is committed or dropped        [any] */
  gantry_rc (*after)(void *self, gantry_handle unit, gantry_handle predecessor) GANTRY_NOEXCEPT;

  /* The newest snapshot of the stream with that schema: its data into `data`, the stream's version it was
   * made at into `version`. GANTRY_NOT_FOUND · GANTRY_UNAVAILABLE. [worker] [bus] [setup] */
  gantry_rc (*snapshot)(void *self, gantry_str stream, int64_t schema, int64_t *version,
                        const gantry_sink *data, const gantry_sink *why) GANTRY_NOEXCEPT;

  /* Keeps one, unless a later one is there. Only a shortcut, part of no unit. GANTRY_INVALID (too large)
   * · GANTRY_UNAVAILABLE. [worker] [bus] [setup] */
  gantry_rc (*keep_snapshot)(void *self, gantry_str stream, int64_t schema, int64_t version,
                             gantry_str data, const gantry_sink *why) GANTRY_NOEXCEPT;
} gantry_log;

#ifdef __cplusplus
}
#endif
#endif
