/* gantry/abi/sql.h - SQL on the logical databases: rows of read models and of plugins' own tables.
 * Ask with host->get(host->self, GANTRY_SQL_ID). Parameters are `?`. Statements are prepared once per
 * session and kept: use constant texts. One text serves SQLite and PostgreSQL if it keeps to what both
 * understand: docs/howto/write_a_plugin.md. */
#ifndef GANTRY_ABI_SQL_H
#define GANTRY_ABI_SQL_H

#include "gantry/abi/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GANTRY_SQL_ID "gantry.sql/1"

#define GANTRY_SQL_NULL 0
#define GANTRY_SQL_INTEGER 1
#define GANTRY_SQL_REAL 2
#define GANTRY_SQL_TEXT 3
#define GANTRY_SQL_BLOB 4

typedef struct gantry_sql_value {
  uint32_t type;
  uint32_t reserved;
  int64_t integer;
  double real;
  gantry_str bytes; /* text or blob */
} gantry_sql_value;

/* Columns are borrowed until it returns. Return 0 to stop. */
typedef uint32_t (*gantry_visit_row)(void *state, const gantry_sql_value *columns, uint32_t count);

/* All rows of an answer: values[row * columns + column]. */
typedef struct gantry_sql_rows {
  uint32_t size;
  uint32_t columns;
  uint64_t count;
  const gantry_sql_value *values;
} gantry_sql_rows;

/* rows: never null, empty unless rc is GANTRY_OK; rows and why are borrowed until it returns. */
typedef void (*gantry_answered)(void *state, gantry_rc rc, const gantry_sql_rows *rows, gantry_str why);

typedef struct gantry_sql {
  uint32_t size;
  void *self;

  /* A session on loan, for one thread: writing (1) or reading (0). Give it back soon.
   * GANTRY_NOT_FOUND (no such database) · GANTRY_EXHAUSTED (none free in time) · GANTRY_UNAVAILABLE.
   * [worker] [bus] [setup] */
  gantry_rc (*open)(void *self, gantry_str database, uint32_t writing, gantry_handle *session,
                    const gantry_sink *why) GANTRY_NOEXCEPT;
  /* Rolls back what was not committed. */
  void (*close)(void *self, gantry_handle session) GANTRY_NOEXCEPT;

  /* Not inside a projection: there the transaction is the host's. A reading session sees one state until
   * commit. A writing one has SQLite's only write lock, or on PostgreSQL the rows that it has written so far.
   * After a statement that failed only close() is sure to work; commit may say GANTRY_INVALID. */
  gantry_rc (*begin)(void *self, gantry_handle session, const gantry_sink *why) GANTRY_NOEXCEPT;
  gantry_rc (*commit)(void *self, gantry_handle session, const gantry_sink *why) GANTRY_NOEXCEPT;

  /* One statement. changed (may be null): number of rows. GANTRY_CONFLICT: a constraint says no. */
  gantry_rc (*exec)(void *self, gantry_handle session, gantry_str statement,
                    const gantry_sql_value *values, uint32_t count, int64_t *changed,
                    const gantry_sink *why) GANTRY_NOEXCEPT;

  gantry_rc (*query)(void *self, gantry_handle session, gantry_str statement,
                     const gantry_sql_value *values, uint32_t count, void *state,
                     gantry_visit_row visit, const gantry_sink *why) GANTRY_NOEXCEPT;

  /* Asks one statement that only reads, and waits for nothing: for few rows, found by an index. Its text as
   * in query(); it sees what was committed when it runs, and what others ask does not change its answer.
   * GANTRY_OK: done() is called exactly once, on the thread of this loop, after ask() has returned; what
   *   query() would have returned, or GANTRY_DEADLINE (storage.ask_timeout_ms, [ms]) is its rc. Until then
   *   the plugin is not stopped.
   * GANTRY_EXHAUSTED (storage.asks_max are outstanding, or no worker is free) · GANTRY_NOT_FOUND (no such
   *   database) · GANTRY_DENIED (not on an event loop) · GANTRY_INVALID: done() is not called.
   * Borrows all arguments for the call. Source: ADR-0018. [io], within done() too */
  gantry_rc (*ask)(void *self, gantry_str database, gantry_str statement,
                   const gantry_sql_value *values, uint32_t count, void *state,
                   gantry_answered done, const gantry_sink *why) GANTRY_NOEXCEPT;
} gantry_sql;

#ifdef __cplusplus
}
#endif
#endif
