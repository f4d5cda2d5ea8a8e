-- The version of a stream is that of its last event, which UNIQUE (stream_id, version) finds at once; rows of es_stream
-- are never changed (ADR-0019).
ALTER TABLE es_stream DROP COLUMN version;
