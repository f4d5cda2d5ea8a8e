-- Folded states of long streams. A shortcut: whatever is here can be made again from the events.
CREATE TABLE es_snapshot (
  stream         text COLLATE "C" PRIMARY KEY,
  schema_version bigint NOT NULL,  -- of data, as its owner counts
  version        bigint NOT NULL,  -- of the stream
  data           bytea NOT NULL
);
