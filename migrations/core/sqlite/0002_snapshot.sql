-- Folded states of long streams. A shortcut: whatever is here can be made again from the events.
CREATE TABLE es_snapshot (
  stream         TEXT PRIMARY KEY,
  schema_version INTEGER NOT NULL,  -- of data, as its owner counts
  version        INTEGER NOT NULL,  -- of the stream
  data           BLOB NOT NULL
) STRICT;
