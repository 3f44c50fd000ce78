-- One random key for each person, under which their values in audit events are encrypted. Deleting the row erases the
-- person from the trail for good, and changes no event.
CREATE TABLE subject_keys (
  -- No foreign key: an event may be about somebody who is being erased, and must not fail for it.
  user_id    uuid PRIMARY KEY,
  key        bytea NOT NULL CHECK (length(key) = 32),
  created_at timestamptz NOT NULL DEFAULT now()
);

-- AES-256-GCM: the nonce (12 bytes), the tag (16), the JSON text. Null where an event has no such values.
ALTER TABLE audit_events
  -- Values of changed fields that are personal, under the subject's key; `changes` keeps the names.
  ADD COLUMN personal_changes bytea,
  -- Address and user agent, under the key of the actor, or of the subject where nobody was signed in.
  ADD COLUMN personal_origin bytea;

CREATE INDEX audit_events_actor ON audit_events (actor_id, seq);
CREATE INDEX audit_events_action ON audit_events (action, seq);
-- Rows lie in the order of writing, which is nearly that of time: a summary of blocks finds a period and costs writers nothing.
CREATE INDEX audit_events_occurred_at ON audit_events USING brin (occurred_at) WITH (pages_per_range = 32, autosummarize = on);

-- Batches of events, each signed and chained to the one before, so that a change made behind the application's back is
-- found: see docs/AUDIT_PROOF.md.
CREATE TABLE audit_seals (
  number        bigint PRIMARY KEY,
  -- SHA-256 of the seal before; zeros for the first.
  previous_hash bytea NOT NULL CHECK (length(previous_hash) = 32),
  -- How the rows were written out before they were hashed.
  row_format    smallint NOT NULL,
  -- The sealed events in the order of their seq, and the hash of each (32 bytes), one after the other.
  event_ids     uuid[] NOT NULL,
  leaf_hashes   bytea NOT NULL CHECK (length(leaf_hashes) = 32 * cardinality(event_ids)),
  event_count   integer NOT NULL CHECK (event_count > 0 AND event_count = cardinality(event_ids)),
  root          bytea NOT NULL CHECK (length(root) = 32),
  min_seq       bigint NOT NULL,
  max_seq       bigint NOT NULL CHECK (max_seq >= min_seq),
  -- Up to here every event is sealed, and no transaction is left that could add one.
  settled_seq   bigint NOT NULL,
  -- The highest seq of this and all seals before, and the transactions that could still add events below it.
  highest_seq   bigint NOT NULL,
  open_writers  text[] NOT NULL,
  sealed_at     timestamptz NOT NULL,
  -- SHA-256 of the public key (32 bytes, Ed25519), in hexadecimal digits.
  key_id        text NOT NULL,
  public_key    bytea NOT NULL CHECK (length(public_key) = 32),
  signature     bytea NOT NULL CHECK (length(signature) = 64),
  -- SHA-256 of what was signed.
  hash          bytea NOT NULL CHECK (length(hash) = 32)
);

-- Which seal holds an event.
CREATE INDEX audit_seals_seqs ON audit_seals USING gist (int8range(min_seq, max_seq, '[]'));
CREATE INDEX audit_seals_min_seq ON audit_seals (min_seq, number);
CREATE INDEX audit_seals_max_seq ON audit_seals (max_seq);
CREATE INDEX audit_seals_sealed_at ON audit_seals (sealed_at);

CREATE TRIGGER audit_seals_no_change BEFORE UPDATE OR DELETE ON audit_seals
  FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_seals_no_truncate BEFORE TRUNCATE ON audit_seals
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
ALTER TABLE audit_seals ENABLE ALWAYS TRIGGER audit_seals_no_change;
ALTER TABLE audit_seals ENABLE ALWAYS TRIGGER audit_seals_no_truncate;

GRANT SELECT, INSERT, DELETE ON subject_keys TO user_management_app;
GRANT INSERT (personal_changes, personal_origin) ON audit_events TO user_management_app;
-- Where the numbers of events stand, which a cut-off tail does not change.
GRANT SELECT ON SEQUENCE audit_events_seq_seq TO user_management_app;
GRANT SELECT, INSERT ON audit_seals TO user_management_app;
