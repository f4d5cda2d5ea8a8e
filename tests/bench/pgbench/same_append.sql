-- The statements that the log sends for one event of a new stream, pipelined as it pipelines them. As the log does,
-- pgbench remembers the head: :position, whose event has the id made of it, and :stream.
\set next :position + 1
\set stream :stream + 1
\startpipeline
BEGIN ISOLATION LEVEL READ COMMITTED;
SELECT pg_advisory_xact_lock(1196183399, 0);
WITH fit AS MATERIALIZED (SELECT 1 WHERE EXISTS (SELECT 1 FROM es_event WHERE position = :position AND event_id = lpad(to_hex(:position::bigint), 32, '0')::uuid) AND NOT EXISTS (SELECT 1 FROM es_event WHERE position > :position) AND NOT EXISTS (SELECT 1 FROM es_stream WHERE name = ANY (ARRAY['same-' || :stream]::text[])) AND NOT EXISTS (SELECT 1 FROM es_event WHERE event_id = ANY (ARRAY[lpad(to_hex(:next::bigint), 32, '0')]::uuid[]))), made AS (INSERT INTO es_stream (stream_id, name) SELECT unnest(ARRAY[:stream]::bigint[]), unnest(ARRAY['same-' || :stream]::text[]) FROM fit), written AS (INSERT INTO es_event (position, stream_id, version, event_id, type, data, meta, recorded_at, crc32) SELECT unnest(ARRAY[:next]::bigint[]), unnest(ARRAY[:stream]::bigint[]), unnest(ARRAY[1]::bigint[]), unnest(ARRAY[lpad(to_hex(:next::bigint), 32, '0')]::uuid[]), unnest(ARRAY['bench.happened.v1']::text[]), unnest(ARRAY['{"text":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}']::text[]), unnest(ARRAY['{"request_id":"018f2f6e-7b4a-7cc1-a2b9-000000000000","actor":"bench"}']::text[]), unnest(ARRAY[1790000000000000]::bigint[]), unnest(ARRAY[12345]::bigint[]) FROM fit) SELECT pg_notify('gantry_log', '') FROM fit;
COMMIT;
\endpipeline
\set position :next
