-- The event log. Positions are dense and in commit order (ADR-0004); rows of es_event are never changed.

-- repairs is rewritten after a failed COMMIT, so that nothing of the failed one is left in the WAL.
CREATE TABLE es_log (
  log_id  INTEGER PRIMARY KEY,
  name    TEXT NOT NULL UNIQUE,
  repairs INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO es_log (log_id, name) VALUES (0, 'default');

CREATE TABLE es_stream (
  stream_id INTEGER PRIMARY KEY,
  name      TEXT NOT NULL UNIQUE,
  version   INTEGER NOT NULL CHECK (version > 0)  -- of its last event; the first is 1
) STRICT;

CREATE TABLE es_event (
  position    INTEGER PRIMARY KEY CHECK (position > 0),  -- 1, 2, 3 ... without holes
  stream_id   INTEGER NOT NULL REFERENCES es_stream (stream_id),
  version     INTEGER NOT NULL CHECK (version > 0),
  event_id    BLOB NOT NULL UNIQUE CHECK (length(event_id) = 16),  -- uuid5(command, ordinal)
  type        TEXT NOT NULL,
  data        TEXT NOT NULL,     -- one JSON object
  meta        TEXT NOT NULL,     -- one JSON object
  recorded_at INTEGER NOT NULL,  -- microseconds UTC; information only
  crc32       INTEGER NOT NULL,  -- core/log/event_view.hpp says over what
  UNIQUE (stream_id, version)
) STRICT;

-- (stream, key) names a timer. A row stays when its timer has ended: its revision must never come
-- back, because the id of the fired event is made from it.
CREATE TABLE es_timer (
  stream   TEXT NOT NULL,
  key      TEXT NOT NULL,
  revision INTEGER NOT NULL,   -- counts up each time the timer is set
  due_at   INTEGER NOT NULL,   -- microseconds UTC
  payload  TEXT NOT NULL,      -- one JSON object
  status   INTEGER NOT NULL CHECK (status IN (0, 1, 2)),  -- pending, fired, cancelled
  command  BLOB NOT NULL,      -- the one that set it last; its repeat changes nothing
  PRIMARY KEY (stream, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX es_timer_due ON es_timer (due_at) WHERE status = 0;

CREATE TABLE es_answer (
  scope       BLOB NOT NULL UNIQUE,
  fingerprint BLOB NOT NULL,
  command     BLOB NOT NULL,
  status      INTEGER NOT NULL,  -- HTTP; 0 = begun, not answered yet
  headers     BLOB NOT NULL,
  body        BLOB NOT NULL,
  position    INTEGER NOT NULL,
  expires_at  INTEGER NOT NULL   -- microseconds UTC
) STRICT;
CREATE INDEX es_answer_expires ON es_answer (expires_at);
