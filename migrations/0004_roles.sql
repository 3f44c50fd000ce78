-- What the application role may do. The roles themselves belong to the whole server and the schema to whoever owns the
-- database; src/db/roles.ts sees to both before the first migration.
GRANT SELECT, INSERT, UPDATE, DELETE ON users, sessions, refresh_tokens TO user_management_app;
GRANT SELECT ON audit_events, schema_migrations TO user_management_app;
-- Every column but the two that are the database's to choose: OVERRIDING SYSTEM VALUE would otherwise let the
-- application choose its own seq.
GRANT INSERT (id, action, outcome, actor_id, actor_role, subject_id, session_id, changes, ip, user_agent, request_id, trace_id)
  ON audit_events TO user_management_app;
