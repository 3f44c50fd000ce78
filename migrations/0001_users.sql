-- People and their logins. A deleted user keeps the row (deleted_at) but frees username and e-mail.
CREATE TABLE users (
  id             uuid PRIMARY KEY,
  username       text NOT NULL CHECK (username ~ '^[A-Za-z0-9._-]{3,32}$'),
  -- What decides uniqueness. The "C" collation folds ASCII alone, whatever the server's locale (a Turkish one folds I to ı).
  -- Its own collation is "C" too: an index over a linguistic one goes wrong with an upgrade of the system's locales.
  username_key   text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(username COLLATE "C")) STORED,
  email          text NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
  email_key      text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(email COLLATE "C")) STORED,
  email_verified boolean NOT NULL DEFAULT false,
  first_name     text CHECK (length(first_name) BETWEEN 1 AND 100),
  last_name      text CHECK (length(last_name) BETWEEN 1 AND 100),
  role           text NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'moderator', 'admin')),
  is_active      boolean NOT NULL DEFAULT true,
  password_hash  text NOT NULL,
  last_login_at  timestamptz,
  -- Counts the changes of the row; conditional updates compare it.
  version        integer NOT NULL DEFAULT 1,
  created_at     timestamptz NOT NULL DEFAULT now(),
  updated_at     timestamptz NOT NULL DEFAULT now(),
  deleted_at     timestamptz
);

CREATE UNIQUE INDEX users_username_unique ON users (username_key) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX users_email_unique ON users (email_key) WHERE deleted_at IS NULL;
CREATE INDEX users_created_at ON users (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX users_role_created_at ON users (role, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX users_inactive_created_at ON users (created_at, id) WHERE deleted_at IS NULL AND NOT is_active;
