-- Users, their roles, and how they prove who they are. Of tokens only the SHA-256 is kept.

CREATE TABLE users (
  id         TEXT PRIMARY KEY,      -- UUIDv7
  email      TEXT NOT NULL UNIQUE,  -- normalised: trimmed, lower case
  created_at INTEGER NOT NULL       -- microseconds UTC, as all times here
) STRICT;

CREATE TABLE user_roles (
  user_id TEXT NOT NULL REFERENCES users (id),
  role    TEXT NOT NULL CHECK (role IN ('customer', 'organizer', 'monitoring', 'admin')),
  PRIMARY KEY (user_id, role)
) STRICT, WITHOUT ROWID;

-- One open link per address: a new one takes the place of the old one, a used one is gone.
CREATE TABLE magic_links (
  email      TEXT PRIMARY KEY,
  token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX magic_links_expires ON magic_links (expires_at);

CREATE TABLE sessions (
  token_hash     BLOB PRIMARY KEY CHECK (length(token_hash) = 32),
  user_id        TEXT NOT NULL REFERENCES users (id),
  created_at     INTEGER NOT NULL,
  expires_at     INTEGER NOT NULL,
  last_active_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id, created_at);
CREATE INDEX sessions_expires ON sessions (expires_at);

-- What page tokens are signed with; one row.
CREATE TABLE auth_page_key (
  id       INTEGER PRIMARY KEY,
  page_key BLOB NOT NULL
) STRICT;
