-- How far each consumer is. Lives in the database of the rows it protects and moves in their transaction.
CREATE TABLE es_checkpoint (
  consumer   TEXT NOT NULL,
  version    INTEGER NOT NULL,
  position   INTEGER NOT NULL CHECK (position >= 0),
  event_id   BLOB,               -- witness: the event at `position` must still carry it; null at 0
  updated_at INTEGER NOT NULL,   -- microseconds UTC
  PRIMARY KEY (consumer, version)
) STRICT, WITHOUT ROWID;
