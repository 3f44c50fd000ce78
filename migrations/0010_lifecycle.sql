-- Who was erased: a backup that is restored brings people back, and this list, a copy of which is kept elsewhere, says
-- who has to be erased again. Nothing in it is personal. There is no foreign key: the users are gone.
CREATE TABLE erasures (
  user_id        uuid PRIMARY KEY,
  -- Of the receipt.
  id             uuid NOT NULL UNIQUE,
  reason         text NOT NULL CHECK (reason IN ('request', 'retention')),
  erased_at      timestamptz NOT NULL DEFAULT now(),
  erased_by      uuid,
  -- { kind: number of records }
  erased         jsonb NOT NULL,
  audit_event_id uuid NOT NULL
);

-- Nobody takes a receipt back.
GRANT SELECT, INSERT ON erasures TO user_management_app;

-- For the job that looks for users who have been deleted long enough; as small as they are few.
CREATE INDEX users_deleted_at ON users (deleted_at, id) WHERE deleted_at IS NOT NULL;
