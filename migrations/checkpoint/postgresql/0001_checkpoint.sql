-- How far each consumer is. Lives in the database of the rows it protects and moves in their transaction.
-- COLLATE "C": ordered by bytes, as everywhere.
CREATE TABLE es_checkpoint (
  consumer   text COLLATE "C" NOT NULL,
  version    bigint NOT NULL,
  position   bigint NOT NULL CHECK (position >= 0),
  event_id   bytea,            -- witness: the event at `position` must still carry it; null at 0
  updated_at bigint NOT NULL,  -- microseconds UTC
  PRIMARY KEY (consumer, version)
);
