-- The version of a stream is that of its last event, which UNIQUE (stream_id, version) finds at once. Written here as
-- well, it left a dead row behind with each append, and beside a transaction that was idle for long these were never
-- cleared away (ADR-0019).
ALTER TABLE es_stream DROP COLUMN version;
ALTER TABLE es_stream RESET (fillfactor);
