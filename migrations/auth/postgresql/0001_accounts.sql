-- Users, their roles, and how they prove who they are. Of tokens only the SHA-256 is kept.
-- COLLATE "C": ordered by bytes, as everywhere.

CREATE TABLE users (
  id         text COLLATE "C" PRIMARY KEY,      -- UUIDv7
  email      text COLLATE "C" NOT NULL UNIQUE,  -- normalised: trimmed, lower case
  created_at bigint NOT NULL                    -- microseconds UTC, as all times here
);

CREATE TABLE user_roles (
  user_id text COLLATE "C" NOT NULL REFERENCES users (id),
  role    text COLLATE "C" NOT NULL CHECK (role IN ('customer', 'organizer', 'monitoring', 'admin')),
  PRIMARY KEY (user_id, role)
);

-- One open link per address: a new one takes the place of the old one, a used one is gone.
CREATE TABLE magic_links (
  email      text COLLATE "C" PRIMARY KEY,
  token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  expires_at bigint NOT NULL
);
CREATE INDEX magic_links_expires ON magic_links (expires_at);

CREATE TABLE sessions (
  token_hash     bytea PRIMARY KEY CHECK (length(token_hash) = 32),
  user_id        text COLLATE "C" NOT NULL REFERENCES users (id),
  created_at     bigint NOT NULL,
  expires_at     bigint NOT NULL,
  last_active_at bigint NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id, created_at);
CREATE INDEX sessions_expires ON sessions (expires_at);

-- What page tokens are signed with; one row.
CREATE TABLE auth_page_key (
  id       bigint PRIMARY KEY,
  page_key bytea NOT NULL
);
