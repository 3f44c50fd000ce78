-- Who did what to whom. Rows are written in the transaction of the change and never touched again: the application
-- role has no right to, and triggers refuse even the owner. There is deliberately no foreign key: a purge of users
-- must not reach into the trail.
CREATE TABLE audit_events (
  id          uuid PRIMARY KEY,
  -- Order of writing. Gaps are normal (a rolled-back transaction leaves one).
  seq         bigint NOT NULL GENERATED ALWAYS AS IDENTITY UNIQUE,
  occurred_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  action      text NOT NULL,
  outcome     text NOT NULL DEFAULT 'success' CHECK (outcome IN ('success', 'failure')),
  actor_id    uuid,
  actor_role  text,
  subject_id  uuid,
  session_id  uuid,
  -- { field: { before, after } }; secrets never.
  changes     jsonb NOT NULL DEFAULT '{}',
  ip          inet,
  user_agent  text,
  request_id  text NOT NULL,
  trace_id    text
);

CREATE INDEX audit_events_subject ON audit_events (subject_id, seq);
CREATE INDEX audit_events_request ON audit_events (request_id);

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit events are never changed or removed (% refused)', TG_OP USING ERRCODE = '55000';
END
$$;

CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR DELETE ON audit_events
  FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- ALWAYS: they fire under session_replication_role = replica too.
ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_no_change;
ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_no_truncate;

-- The moment and the number of an event are the database's to choose.
CREATE FUNCTION stamp_audit_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.occurred_at := clock_timestamp();
  RETURN NEW;
END
$$;

CREATE TRIGGER audit_events_stamp BEFORE INSERT ON audit_events
  FOR EACH ROW EXECUTE FUNCTION stamp_audit_event();
ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_stamp;
