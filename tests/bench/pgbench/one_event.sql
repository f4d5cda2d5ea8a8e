-- U: a one-event transaction without a lock or an order: the stream's row, the event's row.
\set id random(1, 9000000000000000000)
\set stream random(1, 100000)
BEGIN;
INSERT INTO u_stream AS s (name, version) VALUES ('bench-' || :stream, 1) ON CONFLICT (name) DO UPDATE SET version = s.version + 1;
INSERT INTO u_event (stream_id, version, event_id, type, data, meta, recorded_at, crc32) VALUES (:id, 1, gen_random_uuid(), 'bench.happened.v1', '{"text":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}', '{"request_id":"018f2f6e-7b4a-7cc1-a2b9-000000000000","actor":"bench"}', 1790000000000000, 12345);
COMMIT;
