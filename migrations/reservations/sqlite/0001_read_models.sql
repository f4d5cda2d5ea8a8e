-- Read models of plugin reservations, in the database "projections". Times are microseconds UTC.

CREATE TABLE reservations_view (
  id          TEXT PRIMARY KEY,
  event_id    TEXT NOT NULL,
  owner_id    TEXT NOT NULL,     -- who owns the event
  customer_id TEXT NOT NULL,
  state       TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  expires_at  INTEGER NOT NULL,
  version     INTEGER NOT NULL,  -- of the stream: the ETag
  held        TEXT NOT NULL,     -- JSON, data of reservations.held.v1: what never changes
  payment_ids TEXT NOT NULL,     -- JSON array
  ticket_ids  TEXT NOT NULL      -- JSON array
) STRICT;
CREATE INDEX reservations_view_newest ON reservations_view (created_at DESC, id DESC);
CREATE INDEX reservations_view_customer ON reservations_view (customer_id, created_at DESC, id DESC);
CREATE INDEX reservations_view_event ON reservations_view (event_id, created_at DESC, id DESC);

CREATE TABLE reservation_history (
  reservation_id TEXT NOT NULL,
  version        INTEGER NOT NULL,
  position       INTEGER NOT NULL,
  type           TEXT NOT NULL,
  recorded_at    INTEGER NOT NULL,
  data           TEXT NOT NULL,  -- JSON
  PRIMARY KEY (reservation_id, version)
) STRICT, WITHOUT ROWID;

-- The key that signs page tokens; one row.
CREATE TABLE reservations_page_key (
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  page_key BLOB NOT NULL
) STRICT;
