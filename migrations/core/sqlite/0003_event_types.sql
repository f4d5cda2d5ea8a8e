-- Event types as plugins registered them: what an event of the log means stays known without the plugin,
-- and a released schema cannot be changed unnoticed. Rows are added, never changed, but for current_version.
CREATE TABLE es_event_type (
  name            TEXT PRIMARY KEY,  -- "payments.captured", without the version
  current_version INTEGER NOT NULL CHECK (current_version > 0)
) STRICT;

CREATE TABLE es_schema (
  name          TEXT NOT NULL REFERENCES es_event_type (name),
  version       INTEGER NOT NULL CHECK (version > 0),
  schema        TEXT NOT NULL,  -- JSON Schema of the data, as it was registered first
  sha256        TEXT NOT NULL,  -- of the schema in canonical form: white space and order do not count
  registered_at INTEGER NOT NULL,  -- microseconds UTC
  PRIMARY KEY (name, version)
) STRICT;
