-- What the log's tables would be without the log: a sequence instead of dense positions, no lock.
CREATE TABLE u_stream (
  stream_id bigserial PRIMARY KEY, name text COLLATE "C" NOT NULL UNIQUE, version bigint NOT NULL);
CREATE TABLE u_event (
  position bigserial PRIMARY KEY, stream_id bigint NOT NULL, version bigint NOT NULL, event_id uuid NOT NULL UNIQUE,
  type text COLLATE "C" NOT NULL, data text COLLATE "C" NOT NULL, meta text COLLATE "C" NOT NULL,
  recorded_at bigint NOT NULL, crc32 bigint NOT NULL, UNIQUE (stream_id, version));
