-- Where each consumer runs: on the instance that has its lease. Each taking counts epoch up; a write under a
-- smaller epoch is refused.
ALTER TABLE es_checkpoint ADD COLUMN epoch bigint NOT NULL DEFAULT 0 CHECK (epoch >= 0);
ALTER TABLE es_checkpoint ADD COLUMN owner text COLLATE "C";                 -- id of an instance; null: nobody
ALTER TABLE es_checkpoint ADD COLUMN lease_until bigint NOT NULL DEFAULT 0;  -- microseconds UTC, the database's clock
