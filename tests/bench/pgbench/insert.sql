-- Plain INSERT + COMMIT: one event of about 350 bytes into a table with three unique indexes.
\set id random(1, 9000000000000000000)
BEGIN;
INSERT INTO u_event (stream_id, version, event_id, type, data, meta, recorded_at, crc32) VALUES (:id, 1, gen_random_uuid(), 'bench.happened.v1', '{"text":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}', '{"request_id":"018f2f6e-7b4a-7cc1-a2b9-000000000000","actor":"bench"}', 1790000000000000, 12345);
COMMIT;
