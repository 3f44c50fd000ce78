-- Answers given to requests that carried an Idempotency-Key, each written in the transaction of the work it tells of.
CREATE TABLE idempotency_keys (
  -- SHA-256 of the operation, of who asks and of the key: nobody meets the keys of others.
  key_hash      bytea PRIMARY KEY CHECK (length(key_hash) = 32),
  -- Tells whether a request is the same again. Made from an HMAC of it, or a password could be guessed from this.
  fingerprint   bytea NOT NULL CHECK (length(fingerprint) = 32),
  -- Status, headers and body, under a key that only the same request and the service make together.
  sealed_answer bytea NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO user_management_app;
