import type { ColumnType, Generated, GeneratedAlways, Insertable, JSONColumnType, Selectable } from 'kysely'
import type * as imports from './importTables.ts'

/** RFC 3339 in UTC with six fractional digits when read (`src/db/valueParsers.ts`); any RFC 3339 text when written. */
export type Timestamp = string
/** Chosen by the database alone: neither inserted nor updated. */
type Stamped = ColumnType<Timestamp, never, never>

export type Role = 'user' | 'moderator' | 'admin'
export type AuditOutcome = 'success' | 'failure'
export type SessionEndReason =
  'logout' | 'revoked' | 'user-disabled' | 'user-deleted' | 'password-changed' | 'token-reused' | 'session-limit'

export interface UsersTable {
  id: string
  username: string
  username_key: GeneratedAlways<string>
  email: string
  email_key: GeneratedAlways<string>
  email_verified: Generated<boolean>
  first_name: string | null
  last_name: string | null
  role: Generated<Role>
  is_active: Generated<boolean>
  password_hash: string
  last_login_at: Timestamp | null
  version: Generated<number>
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
  deleted_at: Timestamp | null
  /** What the filters of a list tell apart, as one number (`src/queries/userFilters.ts`). */
  segment: GeneratedAlways<number>
  /** Username, address and names without case and accents, a line each. */
  search_text: GeneratedAlways<string>
}

export interface SessionsTable {
  id: string
  user_id: string
  ip: string | null
  user_agent: string | null
  created_at: Generated<Timestamp>
  last_seen_at: Generated<Timestamp>
  expires_at: Timestamp
  ended_at: Timestamp | null
  end_reason: SessionEndReason | null
}

export interface RefreshTokensTable {
  token_hash: Buffer
  session_id: string
  created_at: Generated<Timestamp>
  expires_at: Timestamp
  spent_at: Timestamp | null
  sealed_successor: Buffer | null
}

export type AuditChanges = Record<string, { before?: unknown; after?: unknown }>

export interface AuditEventsTable {
  id: string
  /** A bigint, which JavaScript's numbers cannot hold: decimal digits. */
  seq: GeneratedAlways<string>
  occurred_at: Stamped
  action: string
  outcome: Generated<AuditOutcome>
  actor_id: string | null
  actor_role: string | null
  subject_id: string | null
  session_id: string | null
  /** Written as JSON text, read as the object. */
  changes: JSONColumnType<AuditChanges, string | undefined, never>
  ip: string | null
  user_agent: string | null
  request_id: string
  trace_id: string | null
  /** Encrypted under keys of `subject_keys`. */
  personal_changes: Buffer | null
  personal_origin: Buffer | null
}

export interface SubjectKeysTable {
  user_id: string
  key: Buffer
  created_at: Generated<Timestamp>
}

export interface AuditSealsTable {
  /** Like the numbers of events below: decimal digits. */
  number: string
  previous_hash: Buffer
  row_format: number
  event_ids: string[]
  leaf_hashes: Buffer
  event_count: number
  root: Buffer
  min_seq: string
  max_seq: string
  settled_seq: string
  highest_seq: string
  open_writers: string[]
  sealed_at: Timestamp
  key_id: string
  public_key: Buffer
  signature: Buffer
  hash: Buffer
}

export interface MailTokensTable {
  token_hash: Buffer
  purpose: 'email-verification' | 'email-change' | 'password-reset'
  user_id: string
  email: string
  created_at: Generated<Timestamp>
  expires_at: Timestamp
}

export interface RegistrationsTable {
  id: string
  token_hash: Buffer | null
  username: string
  email: string
  email_key: GeneratedAlways<string>
  first_name: string | null
  last_name: string | null
  password_hash: string
  created_at: Generated<Timestamp>
  expires_at: Timestamp
}

export interface OutboxTable {
  id: string
  kind: string
  /** Written as JSON text, read as the object. */
  details: JSONColumnType<Record<string, unknown>, string, never>
  created_at: Generated<Timestamp>
  attempts: Generated<number>
  next_attempt_at: Generated<Timestamp>
}

export interface MailLogTable {
  mail_id: string
  kind: string
  recipient: Buffer
  sent_at: Generated<Timestamp>
}

export interface PasswordPeppersTable {
  id: string
  proof: Buffer
  created_at: Generated<Timestamp>
}

export interface ErasuresTable {
  user_id: string
  id: string
  reason: 'request' | 'retention'
  erased_at: Generated<Timestamp>
  erased_by: string | null
  /** Number of records by kind. Written as JSON text, read as the object. */
  erased: JSONColumnType<Record<string, number>, string, never>
  audit_event_id: string
}

export interface IdempotencyKeysTable {
  key_hash: Buffer
  fingerprint: Buffer
  sealed_answer: Buffer
  created_at: Generated<Timestamp>
}

export interface SchemaMigrationsTable {
  number: number
  name: string
  checksum: string
  applied_at: Stamped
}

export interface Tables {
  users: UsersTable
  sessions: SessionsTable
  refresh_tokens: RefreshTokensTable
  audit_events: AuditEventsTable
  audit_seals: AuditSealsTable
  subject_keys: SubjectKeysTable
  mail_tokens: MailTokensTable
  registrations: RegistrationsTable
  outbox: OutboxTable
  mail_log: MailLogTable
  password_peppers: PasswordPeppersTable
  erasures: ErasuresTable
  idempotency_keys: IdempotencyKeysTable
  user_imports: imports.UserImportsTable
  user_import_chunks: imports.UserImportChunksTable
  user_import_results: imports.UserImportResultsTable
  user_import_claims: imports.UserImportClaimsTable
  schema_migrations: SchemaMigrationsTable
}

export type User = Selectable<UsersTable>
export type NewUser = Insertable<UsersTable>
export type Session = Selectable<SessionsTable>
export type RefreshToken = Selectable<RefreshTokensTable>
export type AuditEvent = Selectable<AuditEventsTable>
export type NewAuditEvent = Insertable<AuditEventsTable>
