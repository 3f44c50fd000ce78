-- What the migrations add up to, for the reader; written by src/commands/schema.ts, never run. Everything belongs to
-- user_management_owner.

CREATE EXTENSION pg_trgm;
CREATE EXTENSION unaccent;

CREATE TABLE audit_events (
  id uuid NOT NULL,
  seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  occurred_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  action text NOT NULL,
  outcome text NOT NULL DEFAULT 'success'::text,
  actor_id uuid,
  actor_role text,
  subject_id uuid,
  session_id uuid,
  changes jsonb NOT NULL DEFAULT '{}'::jsonb,
  ip inet,
  user_agent text,
  request_id text NOT NULL,
  trace_id text,
  personal_changes bytea,
  personal_origin bytea,
  CONSTRAINT audit_events_outcome_check CHECK ((outcome = ANY (ARRAY['success'::text, 'failure'::text]))),
  CONSTRAINT audit_events_pkey PRIMARY KEY (id),
  CONSTRAINT audit_events_seq_key UNIQUE (seq)
);

CREATE TABLE audit_seals (
  number bigint NOT NULL,
  previous_hash bytea NOT NULL,
  row_format smallint NOT NULL,
  event_ids uuid[] NOT NULL,
  leaf_hashes bytea NOT NULL,
  event_count integer NOT NULL,
  root bytea NOT NULL,
  min_seq bigint NOT NULL,
  max_seq bigint NOT NULL,
  settled_seq bigint NOT NULL,
  highest_seq bigint NOT NULL,
  open_writers text[] NOT NULL,
  sealed_at timestamp with time zone NOT NULL,
  key_id text NOT NULL,
  public_key bytea NOT NULL,
  signature bytea NOT NULL,
  hash bytea NOT NULL,
  CONSTRAINT audit_seals_check CHECK ((length(leaf_hashes) = (32 * cardinality(event_ids)))),
  CONSTRAINT audit_seals_check1 CHECK (((event_count > 0) AND (event_count = cardinality(event_ids)))),
  CONSTRAINT audit_seals_check2 CHECK ((max_seq >= min_seq)),
  CONSTRAINT audit_seals_hash_check CHECK ((length(hash) = 32)),
  CONSTRAINT audit_seals_pkey PRIMARY KEY (number),
  CONSTRAINT audit_seals_previous_hash_check CHECK ((length(previous_hash) = 32)),
  CONSTRAINT audit_seals_public_key_check CHECK ((length(public_key) = 32)),
  CONSTRAINT audit_seals_root_check CHECK ((length(root) = 32)),
  CONSTRAINT audit_seals_signature_check CHECK ((length(signature) = 64))
);

CREATE TABLE erasures (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  reason text NOT NULL,
  erased_at timestamp with time zone NOT NULL DEFAULT now(),
  erased_by uuid,
  erased jsonb NOT NULL,
  audit_event_id uuid NOT NULL,
  CONSTRAINT erasures_id_key UNIQUE (id),
  CONSTRAINT erasures_pkey PRIMARY KEY (user_id),
  CONSTRAINT erasures_reason_check CHECK ((reason = ANY (ARRAY['request'::text, 'retention'::text])))
);

CREATE TABLE idempotency_keys (
  key_hash bytea NOT NULL,
  fingerprint bytea NOT NULL,
  sealed_answer bytea NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT idempotency_keys_fingerprint_check CHECK ((length(fingerprint) = 32)),
  CONSTRAINT idempotency_keys_key_hash_check CHECK ((length(key_hash) = 32)),
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (key_hash)
);

CREATE TABLE mail_log (
  mail_id uuid NOT NULL,
  kind text NOT NULL,
  recipient bytea NOT NULL,
  sent_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT mail_log_pkey PRIMARY KEY (mail_id),
  CONSTRAINT mail_log_recipient_check CHECK ((length(recipient) = 32))
);

CREATE TABLE mail_tokens (
  token_hash bytea NOT NULL,
  purpose text NOT NULL,
  user_id uuid NOT NULL,
  email text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT mail_tokens_email_check CHECK (((length(email) >= 3) AND (length(email) <= 254))),
  CONSTRAINT mail_tokens_pkey PRIMARY KEY (token_hash),
  CONSTRAINT mail_tokens_purpose_check CHECK ((purpose = ANY (ARRAY['email-verification'::text, 'email-change'::text, 'password-reset'::text]))),
  CONSTRAINT mail_tokens_token_hash_check CHECK ((length(token_hash) = 32)),
  CONSTRAINT mail_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT mail_tokens_user_id_purpose_key UNIQUE (user_id, purpose)
);

CREATE TABLE outbox (
  id uuid NOT NULL,
  kind text NOT NULL,
  details jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT outbox_pkey PRIMARY KEY (id)
);

CREATE TABLE password_peppers (
  id text NOT NULL,
  proof bytea NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT password_peppers_pkey PRIMARY KEY (id),
  CONSTRAINT password_peppers_proof_check CHECK ((length(proof) = 32))
);

CREATE TABLE refresh_tokens (
  token_hash bytea NOT NULL,
  session_id uuid NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  expires_at timestamp with time zone NOT NULL,
  spent_at timestamp with time zone,
  sealed_successor bytea,
  CONSTRAINT refresh_tokens_pkey PRIMARY KEY (token_hash),
  CONSTRAINT refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE,
  CONSTRAINT refresh_tokens_token_hash_check CHECK ((length(token_hash) = 32))
);

CREATE TABLE registrations (
  id uuid NOT NULL,
  token_hash bytea,
  username text NOT NULL,
  email text NOT NULL,
  email_key text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower((email COLLATE "C"))) STORED,
  first_name text,
  last_name text,
  password_hash text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT registrations_email_check CHECK (((length(email) >= 3) AND (length(email) <= 254))),
  CONSTRAINT registrations_first_name_check CHECK (((length(first_name) >= 1) AND (length(first_name) <= 100))),
  CONSTRAINT registrations_last_name_check CHECK (((length(last_name) >= 1) AND (length(last_name) <= 100))),
  CONSTRAINT registrations_pkey PRIMARY KEY (id),
  CONSTRAINT registrations_token_hash_check CHECK ((length(token_hash) = 32)),
  CONSTRAINT registrations_token_hash_key UNIQUE (token_hash),
  CONSTRAINT registrations_username_check CHECK ((username ~ '^[A-Za-z0-9._-]{3,32}$'::text))
);

CREATE TABLE schema_migrations (
  number integer NOT NULL,
  name text NOT NULL,
  checksum text NOT NULL,
  applied_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT schema_migrations_pkey PRIMARY KEY (number)
);

CREATE TABLE sessions (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  ip inet,
  user_agent text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  last_seen_at timestamp with time zone NOT NULL DEFAULT now(),
  expires_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  end_reason text,
  CONSTRAINT sessions_end_reason_check CHECK ((end_reason = ANY (ARRAY['logout'::text, 'revoked'::text, 'user-disabled'::text, 'user-deleted'::text, 'password-changed'::text, 'token-reused'::text, 'session-limit'::text]))),
  CONSTRAINT sessions_pkey PRIMARY KEY (id),
  CONSTRAINT sessions_user_agent_check CHECK ((length(user_agent) <= 512)),
  CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

CREATE TABLE subject_keys (
  user_id uuid NOT NULL,
  key bytea NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT subject_keys_key_check CHECK ((length(key) = 32)),
  CONSTRAINT subject_keys_pkey PRIMARY KEY (user_id)
);

CREATE TABLE user_import_chunks (
  import_id uuid NOT NULL,
  start_byte bigint NOT NULL,
  data bytea NOT NULL,
  CONSTRAINT user_import_chunks_import_id_fkey FOREIGN KEY (import_id) REFERENCES user_imports(id),
  CONSTRAINT user_import_chunks_pkey PRIMARY KEY (import_id, start_byte)
);

CREATE TABLE user_import_claims (
  import_id uuid NOT NULL,
  key text COLLATE "C" NOT NULL,
  line integer NOT NULL,
  CONSTRAINT user_import_claims_pkey PRIMARY KEY (import_id, key)
);

CREATE TABLE user_import_results (
  import_id uuid NOT NULL,
  line integer NOT NULL,
  status text NOT NULL,
  user_id uuid,
  problem jsonb,
  CONSTRAINT user_import_results_pkey PRIMARY KEY (import_id, line),
  CONSTRAINT user_import_results_status_check CHECK ((status = ANY (ARRAY['created'::text, 'updated'::text, 'skipped'::text, 'failed'::text])))
);

CREATE TABLE user_imports (
  id uuid NOT NULL,
  status text NOT NULL DEFAULT 'receiving'::text,
  format text NOT NULL,
  dry_run boolean NOT NULL,
  on_conflict text NOT NULL,
  created_by uuid,
  origin jsonb NOT NULL,
  idempotency_key text,
  upload_id uuid NOT NULL,
  received_bytes bigint NOT NULL DEFAULT 0,
  received_at timestamp with time zone NOT NULL DEFAULT now(),
  content_sha256 bytea,
  lease_id uuid,
  leased_until timestamp with time zone,
  position_bytes bigint NOT NULL DEFAULT 0,
  position_line integer NOT NULL DEFAULT 0,
  columns text[],
  created integer NOT NULL DEFAULT 0,
  updated integer NOT NULL DEFAULT 0,
  skipped integer NOT NULL DEFAULT 0,
  failed integer NOT NULL DEFAULT 0,
  problem jsonb,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  CONSTRAINT user_imports_content_sha256_check CHECK ((length(content_sha256) = 32)),
  CONSTRAINT user_imports_format_check CHECK ((format = ANY (ARRAY['ndjson'::text, 'csv'::text]))),
  CONSTRAINT user_imports_on_conflict_check CHECK ((on_conflict = ANY (ARRAY['fail'::text, 'skip'::text, 'update'::text]))),
  CONSTRAINT user_imports_pkey PRIMARY KEY (id),
  CONSTRAINT user_imports_status_check CHECK ((status = ANY (ARRAY['receiving'::text, 'pending'::text, 'running'::text, 'completed'::text, 'cancelled'::text, 'failed'::text])))
);

CREATE TABLE users (
  id uuid NOT NULL,
  username text NOT NULL,
  username_key text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower((username COLLATE "C"))) STORED,
  email text NOT NULL,
  email_key text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower((email COLLATE "C"))) STORED,
  email_verified boolean NOT NULL DEFAULT false,
  first_name text,
  last_name text,
  role text NOT NULL DEFAULT 'user'::text,
  is_active boolean NOT NULL DEFAULT true,
  password_hash text NOT NULL,
  last_login_at timestamp with time zone,
  version integer NOT NULL DEFAULT 1,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  deleted_at timestamp with time zone,
  segment smallint NOT NULL GENERATED ALWAYS AS (((((
CASE
    WHEN (deleted_at IS NULL) THEN 0
    ELSE 12
END +
CASE role
    WHEN 'user'::text THEN 0
    WHEN 'moderator'::text THEN 4
    ELSE 8
END) +
CASE
    WHEN is_active THEN 0
    ELSE 2
END) +
CASE
    WHEN email_verified THEN 0
    ELSE 1
END))::smallint) STORED,
  search_text text COLLATE "C" NOT NULL GENERATED ALWAYS AS (fold_text(((((((username || '
'::text) || email) || '
'::text) || COALESCE(first_name, ''::text)) || '
'::text) || COALESCE(last_name, ''::text)))) STORED,
  CONSTRAINT users_email_check CHECK (((length(email) >= 3) AND (length(email) <= 254))),
  CONSTRAINT users_first_name_check CHECK (((length(first_name) >= 1) AND (length(first_name) <= 100))),
  CONSTRAINT users_last_name_check CHECK (((length(last_name) >= 1) AND (length(last_name) <= 100))),
  CONSTRAINT users_pkey PRIMARY KEY (id),
  CONSTRAINT users_role_check CHECK ((role = ANY (ARRAY['user'::text, 'moderator'::text, 'admin'::text]))),
  CONSTRAINT users_username_check CHECK ((username ~ '^[A-Za-z0-9._-]{3,32}$'::text))
);

CREATE INDEX audit_events_action ON public.audit_events USING btree (action, seq);
CREATE INDEX audit_events_actor ON public.audit_events USING btree (actor_id, seq);
CREATE INDEX audit_events_occurred_at ON public.audit_events USING brin (occurred_at) WITH (pages_per_range='32', autosummarize='on');
CREATE INDEX audit_events_request ON public.audit_events USING btree (request_id);
CREATE INDEX audit_events_subject ON public.audit_events USING btree (subject_id, seq);
CREATE INDEX audit_seals_max_seq ON public.audit_seals USING btree (max_seq);
CREATE INDEX audit_seals_min_seq ON public.audit_seals USING btree (min_seq, number);
CREATE INDEX audit_seals_sealed_at ON public.audit_seals USING btree (sealed_at);
CREATE INDEX audit_seals_seqs ON public.audit_seals USING gist (int8range(min_seq, max_seq, '[]'::text));
CREATE INDEX idempotency_keys_created_at ON public.idempotency_keys USING btree (created_at);
CREATE INDEX mail_log_recipient ON public.mail_log USING btree (recipient, kind, sent_at);
CREATE INDEX mail_log_sent_at ON public.mail_log USING btree (sent_at);
CREATE INDEX mail_tokens_expires_at ON public.mail_tokens USING btree (expires_at);
CREATE INDEX outbox_next_attempt_at ON public.outbox USING btree (next_attempt_at);
CREATE INDEX outbox_user ON public.outbox USING btree (((details ->> 'userId'::text)));
CREATE UNIQUE INDEX refresh_tokens_live ON public.refresh_tokens USING btree (session_id) WHERE (spent_at IS NULL);
CREATE INDEX refresh_tokens_session ON public.refresh_tokens USING btree (session_id);
CREATE INDEX registrations_email_key ON public.registrations USING btree (email_key);
CREATE INDEX registrations_expires_at ON public.registrations USING btree (expires_at);
CREATE INDEX sessions_expires_at ON public.sessions USING btree (expires_at);
CREATE INDEX sessions_over_at ON public.sessions USING btree (LEAST(ended_at, expires_at));
CREATE INDEX sessions_user ON public.sessions USING btree (user_id, created_at) WHERE (ended_at IS NULL);
CREATE INDEX sessions_user_ip ON public.sessions USING btree (user_id, ip);
CREATE INDEX user_import_results_status ON public.user_import_results USING btree (import_id, status, line) WHERE (status <> 'created'::text);
CREATE INDEX user_import_results_user ON public.user_import_results USING btree (user_id) WHERE (user_id IS NOT NULL);
CREATE INDEX user_imports_created_at ON public.user_imports USING btree (created_at, id);
CREATE INDEX user_imports_due ON public.user_imports USING btree (created_at) WHERE (status = ANY (ARRAY['pending'::text, 'running'::text]));
CREATE UNIQUE INDEX user_imports_key ON public.user_imports USING btree (created_by, idempotency_key) WHERE (idempotency_key IS NOT NULL);
CREATE INDEX users_by_created_at ON public.users USING btree (segment, created_at, id);
CREATE INDEX users_by_email ON public.users USING btree (segment, email_key, id);
CREATE INDEX users_by_last_login_at ON public.users USING btree (segment, COALESCE(last_login_at, '1970-01-01 00:00:00+00'::timestamp with time zone), id);
CREATE INDEX users_by_updated_at ON public.users USING btree (segment, updated_at, id);
CREATE INDEX users_by_username ON public.users USING btree (segment, username_key, id);
CREATE INDEX users_deleted_at ON public.users USING btree (deleted_at, id) WHERE (deleted_at IS NOT NULL);
CREATE UNIQUE INDEX users_email_unique ON public.users USING btree (email_key) WHERE (deleted_at IS NULL);
CREATE INDEX users_search ON public.users USING gin (search_text gin_trgm_ops) WITH (gin_pending_list_limit='512');
CREATE INDEX users_search_grams ON public.users USING gin (search_grams(search_text)) WITH (gin_pending_list_limit='512');
CREATE UNIQUE INDEX users_username_unique ON public.users USING btree (username_key) WHERE (deleted_at IS NULL);

CREATE OR REPLACE FUNCTION public.fold_text(value text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN CASE WHEN (octet_length(value) = length(value)) THEN lower(value) ELSE translate(lower(unaccent('unaccent'::regdictionary, NORMALIZE(regexp_replace(NORMALIZE(value, NFKD), '[\u0300-\u036f]'::text, ''::text, 'g'::text), NFKC))), 'ς'::text, 'σ'::text) END;

CREATE OR REPLACE FUNCTION public.refuse_audit_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION 'audit events are never changed or removed (% refused)', TG_OP USING ERRCODE = '55000';
END
$function$;

CREATE OR REPLACE FUNCTION public.search_grams(value text)
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN ((string_to_array(value, NULL::text) || string_to_array(rtrim(regexp_replace(value, '(..)'::text, ('\1'::text || chr(1)), 'g'::text), chr(1)), chr(1))) || string_to_array(rtrim(regexp_replace(substr(value, 2), '(..)'::text, ('\1'::text || chr(1)), 'g'::text), chr(1)), chr(1)));

CREATE OR REPLACE FUNCTION public.search_pattern(value text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN (('%'::text || regexp_replace(search_term(value), '([\\%_])'::text, '\\\1'::text, 'g'::text)) || '%'::text);

CREATE OR REPLACE FUNCTION public.search_piece(value text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN CASE WHEN (strpos(search_term(value), '@'::text) > 5) THEN "right"(split_part(search_term(value), '@'::text, 1), 12) WHEN (strpos(search_term(value), '@'::text) > 3) THEN "left"(search_term(value), 9) ELSE "right"(search_term(value), 12) END;

CREATE OR REPLACE FUNCTION public.search_term(value text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN COALESCE(NULLIF(fold_text(value), ''::text), value);

CREATE OR REPLACE FUNCTION public.search_term_grams(value text)
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN (SELECT array_agg(substr(term.term, place.place, 2)) AS array_agg FROM search_term(search_term_grams.value) term(term), LATERAL generate_series(1, GREATEST((length(term.term) - 1), 1)) place(place));

CREATE OR REPLACE FUNCTION public.stamp_audit_event()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  NEW.occurred_at := clock_timestamp();
  RETURN NEW;
END
$function$;

CREATE TRIGGER audit_events_no_change BEFORE DELETE OR UPDATE ON public.audit_events FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_no_change;
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON public.audit_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_no_truncate;
CREATE TRIGGER audit_events_stamp BEFORE INSERT ON public.audit_events FOR EACH ROW EXECUTE FUNCTION stamp_audit_event();
ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_stamp;
CREATE TRIGGER audit_seals_no_change BEFORE DELETE OR UPDATE ON public.audit_seals FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
ALTER TABLE audit_seals ENABLE ALWAYS TRIGGER audit_seals_no_change;
CREATE TRIGGER audit_seals_no_truncate BEFORE TRUNCATE ON public.audit_seals FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
ALTER TABLE audit_seals ENABLE ALWAYS TRIGGER audit_seals_no_truncate;

GRANT INSERT (id, action, outcome, actor_id, actor_role, subject_id, session_id, changes, ip, user_agent, request_id, trace_id, personal_changes, personal_origin), SELECT ON audit_events TO user_management_app;
GRANT SELECT ON audit_events_seq_seq TO user_management_app;
GRANT INSERT, SELECT ON audit_seals TO user_management_app;
GRANT INSERT, SELECT ON erasures TO user_management_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON idempotency_keys TO user_management_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON mail_log TO user_management_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON mail_tokens TO user_management_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON outbox TO user_management_app;
GRANT DELETE, INSERT, SELECT ON password_peppers TO user_management_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON refresh_tokens TO user_management_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON registrations TO user_management_app;
GRANT SELECT ON schema_migrations TO user_management_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON sessions TO user_management_app;
GRANT DELETE, INSERT, SELECT ON subject_keys TO user_management_app;
GRANT DELETE, INSERT, SELECT, UPDATE (start_byte) ON user_import_chunks TO user_management_app;
GRANT DELETE, INSERT, SELECT, UPDATE (key) ON user_import_claims TO user_management_app;
GRANT DELETE, INSERT, SELECT, UPDATE (line) ON user_import_results TO user_management_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON user_imports TO user_management_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON users TO user_management_app;
