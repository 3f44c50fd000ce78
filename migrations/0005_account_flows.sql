-- Tokens that travel by mail: redeemed once, each for its one purpose, kept as SHA-256 only.
CREATE TABLE mail_tokens (
  token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
  purpose    text NOT NULL CHECK (purpose IN ('email-verification', 'email-change', 'password-reset')),
  user_id    uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  -- The address that the token was sent to, and that it verifies.
  email      text NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  UNIQUE (user_id, purpose)
);

CREATE INDEX mail_tokens_expires_at ON mail_tokens (expires_at);

-- People who asked for an account and have not yet shown that the address is theirs. They are no users: they hold no
-- name and cannot sign in.
CREATE TABLE registrations (
  id            uuid PRIMARY KEY,
  -- Null until the mail with the token goes out.
  token_hash    bytea UNIQUE CHECK (length(token_hash) = 32),
  username      text NOT NULL CHECK (username ~ '^[A-Za-z0-9._-]{3,32}$'),
  email         text NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
  first_name    text CHECK (length(first_name) BETWEEN 1 AND 100),
  last_name     text CHECK (length(last_name) BETWEEN 1 AND 100),
  password_hash text NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  expires_at    timestamptz NOT NULL
);

CREATE INDEX registrations_expires_at ON registrations (expires_at);

-- Mails to be sent, written in the transaction of what they tell. A job sends each at least once. Tokens are made when a
-- mail goes out, so there is none in here; nor is there anything that depends on who has an account.
CREATE TABLE outbox (
  id              uuid PRIMARY KEY,
  kind            text NOT NULL,
  details         jsonb NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  attempts        integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX outbox_next_attempt_at ON outbox (next_attempt_at);

-- A device that an account has signed in from before.
CREATE INDEX sessions_user_ip ON sessions (user_id, ip);

GRANT SELECT, INSERT, UPDATE, DELETE ON mail_tokens, registrations, outbox TO user_management_app;
