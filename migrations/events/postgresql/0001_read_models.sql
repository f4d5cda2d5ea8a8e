-- Read models of plugin events, in the database "projections". Times are microseconds UTC.
-- COLLATE "C": ordered by bytes, as everywhere.

CREATE TABLE events_view (
  id           text COLLATE "C" PRIMARY KEY,
  owner_id     text COLLATE "C" NOT NULL,
  state        text COLLATE "C" NOT NULL,
  title_folded text COLLATE "C" NOT NULL,  -- lower case, for the search by prefix
  starts_at    bigint NOT NULL,
  created_at   bigint NOT NULL,
  updated_at   bigint NOT NULL,
  version      bigint NOT NULL,            -- of the stream: the ETag
  details      text NOT NULL               -- JSON, as in events.created.v1
);
CREATE INDEX events_view_newest ON events_view (created_at DESC, id DESC);
CREATE INDEX events_view_owner ON events_view (owner_id, created_at DESC, id DESC);

CREATE TABLE section_availability (
  event_id text COLLATE "C" NOT NULL,
  section  text COLLATE "C" NOT NULL,
  opened   bigint NOT NULL,  -- position of the opening: sections in their order
  kind     text COLLATE "C" NOT NULL,
  capacity bigint NOT NULL,
  seat_rows text NOT NULL,   -- JSON [{"row", "seats"}]; [] in general admission
  held     bigint NOT NULL DEFAULT 0 CHECK (held >= 0),
  sold     bigint NOT NULL DEFAULT 0 CHECK (sold >= 0),
  version  bigint NOT NULL,  -- of the section's stream
  PRIMARY KEY (event_id, section),
  CHECK (held + sold <= capacity)
);

-- Only seats that are held or sold have a row.
CREATE TABLE seat_state (
  event_id text COLLATE "C" NOT NULL,
  section  text COLLATE "C" NOT NULL,
  seat     text COLLATE "C" NOT NULL,
  state    text COLLATE "C" NOT NULL,
  PRIMARY KEY (event_id, section, seat)
);

-- The key that signs page tokens; one row.
CREATE TABLE events_page_key (
  id       bigint PRIMARY KEY CHECK (id = 1),
  page_key bytea NOT NULL
);
