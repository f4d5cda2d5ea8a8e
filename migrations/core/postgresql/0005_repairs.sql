-- Moved after a COMMIT that was cut off and is not there: whatever still lies on its way to the server was decided on a
-- log with the old number and writes nothing.
ALTER TABLE es_log ADD COLUMN repairs bigint NOT NULL DEFAULT 0;
