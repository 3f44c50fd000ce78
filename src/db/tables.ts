import type { Generated, GeneratedAlways, JSONColumnType, Selectable } from 'kysely'
import type * as audit from './auditTables.ts'
import type { Stamped, Timestamp } from './columnTypes.ts'
import type * as imports from './importTables.ts'

export type Role = 'user' | 'moderator' | 'admin'
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
  audit_events: audit.AuditEventsTable
  audit_seals: audit.AuditSealsTable
  subject_keys: audit.SubjectKeysTable
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
