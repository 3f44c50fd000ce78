import type { ColumnType, Generated, JSONColumnType } from 'kysely'

export type UserImportStatus = 'receiving' | 'pending' | 'running' | 'completed' | 'cancelled' | 'failed'
export type RowStatus = 'created' | 'updated' | 'skipped' | 'failed'
/** A bigint: decimal digits when read. */
type Bytes = ColumnType<string, number | undefined, number>

/** Whoever began an import, and the request that did, as the events of its rows say. */
export interface ImportOrigin {
  role: 'user' | 'moderator' | 'admin' | null
  session_id: string | null
  request_id: string
  trace_id: string | null
}

export interface UserImportsTable {
  id: string
  status: Generated<UserImportStatus>
  format: 'ndjson' | 'csv'
  dry_run: boolean
  on_conflict: 'fail' | 'skip' | 'update'
  created_by: string | null
  /** Written as JSON text, read as the object. */
  origin: JSONColumnType<ImportOrigin, string, never>
  idempotency_key: string | null
  upload_id: string
  received_bytes: Bytes
  received_at: Generated<string>
  content_sha256: Buffer | null
  lease_id: string | null
  leased_until: string | null
  position_bytes: Bytes
  position_line: Generated<number>
  columns: string[] | null
  created: Generated<number>
  updated: Generated<number>
  skipped: Generated<number>
  failed: Generated<number>
  /** Written as JSON text, read as the object. */
  problem: JSONColumnType<object | null, string | null, string>
  created_at: Generated<string>
  started_at: string | null
  finished_at: string | null
}

export interface UserImportChunksTable {
  import_id: string
  start_byte: Bytes
  data: Buffer
}

export interface UserImportResultsTable {
  import_id: string
  line: number
  status: RowStatus
  user_id: string | null
  problem: JSONColumnType<object | null, string | null, never>
}

export interface UserImportClaimsTable {
  import_id: string
  key: string
  line: number
}
