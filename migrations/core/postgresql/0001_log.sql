-- The event log. Positions are dense and in commit order (ADR-0004); rows of es_event are never changed.
-- Texts are compared byte by byte (COLLATE "C"), as SQLite does. Times are microseconds UTC.

CREATE TABLE es_log (
  log_id  smallint PRIMARY KEY,
  name    text COLLATE "C" NOT NULL UNIQUE
);
INSERT INTO es_log (log_id, name) VALUES (0, 'default');

-- Room in each page lets a version move without touching an index.
CREATE TABLE es_stream (
  stream_id bigint PRIMARY KEY,              -- 1, 2, 3 ... given under the log's lock
  name      text COLLATE "C" NOT NULL UNIQUE,
  version   bigint NOT NULL CHECK (version > 0)  -- of its last event; the first is 1
) WITH (fillfactor = 80);

-- Without a foreign key to es_stream: only the log's writer inserts here, it makes the stream's row in the
-- same transaction, and the check of each row would cost more than the row.
CREATE TABLE es_event (
  position    bigint PRIMARY KEY CHECK (position > 0),  -- 1, 2, 3 ... without holes
  stream_id   bigint NOT NULL,
  version     bigint NOT NULL CHECK (version > 0),
  event_id    uuid NOT NULL UNIQUE,          -- uuid5(command, ordinal)
  type        text COLLATE "C" NOT NULL,
  data        text COLLATE "C" NOT NULL,     -- one JSON object; jsonb would not keep its bytes
  meta        text COLLATE "C" NOT NULL,     -- one JSON object
  recorded_at bigint NOT NULL,               -- the database's clock; information only
  crc32       bigint NOT NULL,               -- core/log/event_view.hpp says over what
  UNIQUE (stream_id, version)
) WITH (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);

-- (stream, key) names a timer. A row stays when its timer has ended: its revision must never come
-- back, because the id of the fired event is made from it.
CREATE TABLE es_timer (
  stream   text COLLATE "C" NOT NULL,
  key      text COLLATE "C" NOT NULL,
  revision bigint NOT NULL,   -- counts up each time the timer is set
  due_at   bigint NOT NULL,
  payload  text COLLATE "C" NOT NULL,      -- one JSON object
  status   smallint NOT NULL CHECK (status IN (0, 1, 2)),  -- pending, fired, cancelled
  command  uuid NOT NULL,     -- the one that set it last; its repeat changes nothing
  PRIMARY KEY (stream, key)
);
CREATE INDEX es_timer_due ON es_timer (due_at) WHERE status = 0;

CREATE TABLE es_answer (
  scope       bytea PRIMARY KEY,
  fingerprint bytea NOT NULL,
  command     uuid NOT NULL,
  status      integer NOT NULL,  -- HTTP; 0 = begun, not answered yet
  headers     bytea NOT NULL,
  body        bytea NOT NULL,
  position    bigint NOT NULL,
  expires_at  bigint NOT NULL
);
CREATE INDEX es_answer_expires ON es_answer (expires_at);
