-- Files of users on their way in. The file is kept in pieces until its rows are done, so that any instance can go on with
-- it; progress, users, events and results of some rows are one transaction.
CREATE TABLE user_imports (
  id              uuid PRIMARY KEY,
  status          text NOT NULL DEFAULT 'receiving'
    CHECK (status IN ('receiving', 'pending', 'running', 'completed', 'cancelled', 'failed')),
  format          text NOT NULL CHECK (format IN ('ndjson', 'csv')),
  dry_run         boolean NOT NULL,
  on_conflict     text NOT NULL CHECK (on_conflict IN ('fail', 'skip', 'update')),
  -- Null where the operator began it at the machine.
  created_by      uuid,
  -- Role, session and request of whoever began it, for the events that its rows leave.
  origin          jsonb NOT NULL,
  idempotency_key text,
  -- The upload that may add to the file; a repeated one takes its place.
  upload_id       uuid NOT NULL,
  received_bytes  bigint NOT NULL DEFAULT 0,
  received_at     timestamptz NOT NULL DEFAULT now(),
  content_sha256  bytea CHECK (length(content_sha256) = 32),
  -- Whoever works on it, and until when nobody else does.
  lease_id        uuid,
  leased_until    timestamptz,
  -- Where the next line begins, and how many lines there are before it.
  position_bytes  bigint NOT NULL DEFAULT 0,
  position_line   integer NOT NULL DEFAULT 0,
  -- The header of a CSV file, once it was read.
  columns         text[],
  created         integer NOT NULL DEFAULT 0,
  updated         integer NOT NULL DEFAULT 0,
  skipped         integer NOT NULL DEFAULT 0,
  failed          integer NOT NULL DEFAULT 0,
  -- Why all of it failed.
  problem         jsonb,
  created_at      timestamptz NOT NULL DEFAULT now(),
  started_at      timestamptz,
  finished_at     timestamptz
);

CREATE UNIQUE INDEX user_imports_key ON user_imports (created_by, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX user_imports_created_at ON user_imports (created_at, id);
CREATE INDEX user_imports_due ON user_imports (created_at) WHERE status IN ('pending', 'running');

CREATE TABLE user_import_chunks (
  import_id  uuid NOT NULL REFERENCES user_imports (id),
  start_byte bigint NOT NULL,
  data       bytea NOT NULL,
  PRIMARY KEY (import_id, start_byte)
);
-- Read once and deleted soon after: not worth compressing.
ALTER TABLE user_import_chunks ALTER COLUMN data SET STORAGE EXTERNAL;

-- No foreign key here and below: it would be looked at for every row of a file, and imports are removed after their rows.
CREATE TABLE user_import_results (
  import_id uuid NOT NULL,
  line      integer NOT NULL,
  status    text NOT NULL CHECK (status IN ('created', 'updated', 'skipped', 'failed')),
  user_id   uuid,
  problem   jsonb,
  PRIMARY KEY (import_id, line)
);
CREATE INDEX user_import_results_status ON user_import_results (import_id, status, line) WHERE status <> 'created';

-- Usernames and addresses that a dry run would have given away; one has an @, the other never.
CREATE TABLE user_import_claims (
  import_id uuid NOT NULL,
  key       text COLLATE "C" NOT NULL,
  line      integer NOT NULL,
  PRIMARY KEY (import_id, key)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON user_imports TO user_management_app;
GRANT SELECT, INSERT, DELETE ON user_import_chunks, user_import_results, user_import_claims TO user_management_app;
-- SKIP LOCKED locks rows, which takes the right to update one column.
GRANT UPDATE (line) ON user_import_results TO user_management_app;
GRANT UPDATE (start_byte) ON user_import_chunks TO user_management_app;
GRANT UPDATE (key) ON user_import_claims TO user_management_app;
