-- Where each consumer runs: on the instance that has its lease. Each taking counts epoch up; a write under a
-- smaller epoch is refused.
ALTER TABLE es_checkpoint ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0 CHECK (epoch >= 0);
ALTER TABLE es_checkpoint ADD COLUMN owner TEXT;                              -- id of an instance; null: nobody
ALTER TABLE es_checkpoint ADD COLUMN lease_until INTEGER NOT NULL DEFAULT 0;  -- microseconds UTC, the database's clock
