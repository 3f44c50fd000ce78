-- One row a login. Access tokens carry the id (`sid`); a row with ended_at no longer counts, and neither does one past expires_at.
CREATE TABLE sessions (
  id           uuid PRIMARY KEY,
  user_id      uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  ip           inet,
  user_agent   text CHECK (length(user_agent) <= 512),
  created_at   timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  -- The end that no refresh can postpone.
  expires_at   timestamptz NOT NULL,
  ended_at     timestamptz,
  end_reason   text CHECK (end_reason IN ('logout', 'revoked', 'user-disabled', 'user-deleted', 'password-changed', 'token-reused', 'session-limit'))
);

CREATE INDEX sessions_user ON sessions (user_id, created_at) WHERE ended_at IS NULL;

-- Every refresh token ever given out for a session, as its SHA-256 only. The one that is not spent is the live one.
CREATE TABLE refresh_tokens (
  token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
  session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Idle limit: unused until then, it is void.
  expires_at timestamptz NOT NULL,
  spent_at   timestamptz,
  -- The next token, encrypted under a key that only the holder of this one can derive: a client whose answer was lost
  -- asks again within the grace and gets the same successor.
  sealed_successor bytea
);

CREATE UNIQUE INDEX refresh_tokens_live ON refresh_tokens (session_id) WHERE spent_at IS NULL;
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);
