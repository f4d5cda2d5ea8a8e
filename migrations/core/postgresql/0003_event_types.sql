-- Event types as plugins registered them: what an event of the log means stays known without the plugin,
-- and a released schema cannot be changed unnoticed. Rows are added, never changed, but for current_version.
CREATE TABLE es_event_type (
  name            text PRIMARY KEY,  -- "payments.captured", without the version
  current_version bigint NOT NULL CHECK (current_version > 0)
);

CREATE TABLE es_schema (
  name          text NOT NULL REFERENCES es_event_type (name),
  version       bigint NOT NULL CHECK (version > 0),
  schema        text NOT NULL,  -- JSON Schema of the data, as it was registered first
  sha256        text NOT NULL,  -- of the schema in canonical form: white space and order do not count
  registered_at bigint NOT NULL,  -- microseconds UTC
  PRIMARY KEY (name, version)
);
