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
  -- As that of users: only the newest registration of an address may become one.
  email_key     text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(email COLLATE "C")) STORED,
  first_name    text CHECK (length(first_name) BETWEEN 1 AND 100),
  last_name     text CHECK (length(last_name) BETWEEN 1 AND 100),
  password_hash text NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  expires_at    timestamptz NOT NULL
);

CREATE INDEX registrations_expires_at ON registrations (expires_at);
CREATE INDEX registrations_email_key ON registrations (email_key);

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
CREATE INDEX outbox_user ON outbox ((details ->> 'userId'));

-- Who was mailed lately, so that no stranger fills a mailbox: one row a mail, however often it is tried.
CREATE TABLE mail_log (
  mail_id   uuid PRIMARY KEY,
  kind      text NOT NULL,
  -- SHA-256 of the address in lower case.
  recipient bytea NOT NULL CHECK (length(recipient) = 32),
  sent_at   timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX mail_log_recipient ON mail_log (recipient, kind, sent_at);
CREATE INDEX mail_log_sent_at ON mail_log (sent_at);

-- A device that an account has signed in from before.
CREATE INDEX sessions_user_ip ON sessions (user_id, ip);

-- For the job that removes old ones, and their refresh tokens.
CREATE INDEX sessions_expires_at ON sessions (expires_at);
CREATE INDEX sessions_over_at ON sessions (least(ended_at, expires_at));

GRANT SELECT, INSERT, UPDATE, DELETE ON mail_tokens, registrations, outbox, mail_log TO user_management_app;
