-- The peppers that password hashes may need, by id: a server that starts without one of them, or with another secret
-- under its id, would refuse everybody's password, and refuses to start instead.
CREATE TABLE password_peppers (
  id         text PRIMARY KEY,
  -- An HMAC under the pepper: tells whether it is the same, and nothing about it.
  proof      bytea NOT NULL CHECK (length(proof) = 32),
  created_at timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT, INSERT, DELETE ON password_peppers TO user_management_app;
