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
  CONSTRAINT audit_events_outcome_check CHECK ((outcome = ANY (ARRAY['success'::text, 'failure'::text]))),
  CONSTRAINT audit_events_pkey PRIMARY KEY (id),
  CONSTRAINT audit_events_seq_key UNIQUE (seq)
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

CREATE INDEX audit_events_request ON public.audit_events USING btree (request_id);
CREATE INDEX audit_events_subject ON public.audit_events USING btree (subject_id, seq);
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
CREATE INDEX users_by_created_at ON public.users USING btree (segment, created_at, id);
CREATE INDEX users_by_email ON public.users USING btree (segment, email_key, id);
CREATE INDEX users_by_last_login_at ON public.users USING btree (segment, COALESCE(last_login_at, '1970-01-01 00:00:00+00'::timestamp with time zone), id);
CREATE INDEX users_by_updated_at ON public.users USING btree (segment, updated_at, id);
CREATE INDEX users_by_username ON public.users USING btree (segment, username_key, id);
CREATE UNIQUE INDEX users_email_unique ON public.users USING btree (email_key) WHERE (deleted_at IS NULL);
CREATE INDEX users_search ON public.users USING gin (search_text gin_trgm_ops) WITH (gin_pending_list_limit='512');
CREATE INDEX users_search_grams ON public.users USING gin (search_grams(search_text)) WITH (gin_pending_list_limit='512');
CREATE UNIQUE INDEX users_username_unique ON public.users USING btree (username_key) WHERE (deleted_at IS NULL);

CREATE OR REPLACE FUNCTION public.fold_text(value text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN translate(lower(unaccent('unaccent'::regdictionary, NORMALIZE(regexp_replace(NORMALIZE(value, NFKD), '[\u0300-\u036f]'::text, ''::text, 'g'::text), NFKC))), 'ς'::text, 'σ'::text);

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

GRANT INSERT (id, action, outcome, actor_id, actor_role, subject_id, session_id, changes, ip, user_agent, request_id, trace_id), SELECT ON audit_events TO user_management_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON mail_log TO user_management_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON mail_tokens TO user_management_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON outbox TO user_management_app;
GRANT DELETE, INSERT, SELECT ON password_peppers TO user_management_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON refresh_tokens TO user_management_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON registrations TO user_management_app;
GRANT SELECT ON schema_migrations TO user_management_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON sessions TO user_management_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON users TO user_management_app;
