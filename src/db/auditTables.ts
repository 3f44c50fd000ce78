import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely'
import type { Stamped, Timestamp } from './columnTypes.ts'

export type AuditOutcome = 'success' | 'failure'
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
