-- The statements that the log sends for one event of a new stream, pipelined as it pipelines them. The row
-- "state" is asked for by itself, because pgbench cannot keep a value out of a pipeline: one round trip more.
\set name random(1, 9000000000000000000)
\startpipeline
BEGIN ISOLATION LEVEL READ COMMITTED;
SELECT pg_advisory_xact_lock(1196183399, 0);
SELECT n.i, s.stream_id, s.version, e.event_id FROM unnest(ARRAY['bench-' || :name]::text[]) WITH ORDINALITY n(name, i) JOIN es_stream s ON s.name = n.name JOIN es_event e ON e.stream_id = s.stream_id AND e.version = s.version;
SELECT n.i, e.position FROM unnest(ARRAY[gen_random_uuid()]::uuid[]) WITH ORDINALITY n(id, i) JOIN es_event e ON e.event_id = n.id;
\endpipeline
SELECT coalesce((SELECT max(position) FROM es_event), 0) + 1 AS position, coalesce((SELECT max(stream_id) FROM es_stream), 0) + 1 AS stream, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now \gset
\startpipeline
INSERT INTO es_stream (stream_id, name, version) SELECT * FROM unnest(ARRAY[:stream]::bigint[], ARRAY['bench-' || :name]::text[], ARRAY[1]::bigint[]);
INSERT INTO es_event (position, stream_id, version, event_id, type, data, meta, recorded_at, crc32) SELECT * FROM unnest(ARRAY[:position]::bigint[], ARRAY[:stream]::bigint[], ARRAY[1]::bigint[], ARRAY[gen_random_uuid()]::uuid[], ARRAY['bench.happened.v1']::text[], ARRAY['{"text":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}']::text[], ARRAY['{"request_id":"018f2f6e-7b4a-7cc1-a2b9-000000000000","actor":"bench"}']::text[], ARRAY[:now]::bigint[], ARRAY[12345]::bigint[]);
SELECT pg_notify('gantry_log', '');
COMMIT;
\endpipeline
