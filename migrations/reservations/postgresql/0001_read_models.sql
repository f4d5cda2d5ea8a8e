-- Read models of plugin reservations, in the database "projections". Times are microseconds UTC.
-- COLLATE "C": ordered by bytes, as everywhere.

CREATE TABLE reservations_view (
  id          text COLLATE "C" PRIMARY KEY,
  event_id    text COLLATE "C" NOT NULL,
  owner_id    text COLLATE "C" NOT NULL,  -- who owns the event
  customer_id text COLLATE "C" NOT NULL,
  state       text COLLATE "C" NOT NULL,
  created_at  bigint NOT NULL,
  expires_at  bigint NOT NULL,
  version     bigint NOT NULL,            -- of the stream: the ETag
  held        text NOT NULL,              -- JSON, data of reservations.held.v1: what never changes
  payment_ids text NOT NULL,              -- JSON array
  ticket_ids  text NOT NULL               -- JSON array
);
CREATE INDEX reservations_view_newest ON reservations_view (created_at DESC, id DESC);
CREATE INDEX reservations_view_customer ON reservations_view (customer_id, created_at DESC, id DESC);
CREATE INDEX reservations_view_event ON reservations_view (event_id, created_at DESC, id DESC);

CREATE TABLE reservation_history (
  reservation_id text COLLATE "C" NOT NULL,
  version        bigint NOT NULL,
  position       bigint NOT NULL,
  type           text COLLATE "C" NOT NULL,
  recorded_at    bigint NOT NULL,
  data           text NOT NULL,  -- JSON
  PRIMARY KEY (reservation_id, version)
);

-- The key that signs page tokens; one row.
CREATE TABLE reservations_page_key (
  id       bigint PRIMARY KEY CHECK (id = 1),
  page_key bytea NOT NULL
);
