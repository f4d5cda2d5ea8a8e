-- Read models of plugin events, in the database "projections". Times are microseconds UTC.

CREATE TABLE events_view (
  id           TEXT PRIMARY KEY,
  owner_id     TEXT NOT NULL,
  state        TEXT NOT NULL,
  title_folded TEXT NOT NULL,     -- lower case, for the search by prefix
  starts_at    INTEGER NOT NULL,
  created_at   INTEGER NOT NULL,
  updated_at   INTEGER NOT NULL,
  version      INTEGER NOT NULL,  -- of the stream: the ETag
  details      TEXT NOT NULL      -- JSON, as in events.created.v1
) STRICT;
CREATE INDEX events_view_newest ON events_view (created_at DESC, id DESC);
CREATE INDEX events_view_owner ON events_view (owner_id, created_at DESC, id DESC);

CREATE TABLE section_availability (
  event_id TEXT NOT NULL,
  section  TEXT NOT NULL,
  opened   INTEGER NOT NULL,  -- position of the opening: sections in their order
  kind     TEXT NOT NULL,
  capacity INTEGER NOT NULL,
  seat_rows TEXT NOT NULL,    -- JSON [{"row", "seats"}]; [] in general admission
  held     INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0),
  sold     INTEGER NOT NULL DEFAULT 0 CHECK (sold >= 0),
  version  INTEGER NOT NULL,  -- of the section's stream
  PRIMARY KEY (event_id, section),
  CHECK (held + sold <= capacity)
) STRICT, WITHOUT ROWID;

-- Only seats that are held or sold have a row.
CREATE TABLE seat_state (
  event_id TEXT NOT NULL,
  section  TEXT NOT NULL,
  seat     TEXT NOT NULL,
  state    TEXT NOT NULL,
  PRIMARY KEY (event_id, section, seat)
) STRICT, WITHOUT ROWID;

-- The key that signs page tokens; one row.
CREATE TABLE events_page_key (
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  page_key BLOB NOT NULL
) STRICT;
