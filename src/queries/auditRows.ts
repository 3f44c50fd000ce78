import { sql, type RawBuilder } from 'kysely'
import type { Db } from '../db/database.ts'

/** An event as it is hashed. */
export interface CanonicalRow {
  id: string
  seq: string
  row: string
}

/**
 * How a row is written out, by the number that seals carry: JSON as PostgreSQL makes it, of what is stored, encrypted
 * values included, so that it stays the same when a person's key is destroyed. A format never changes; one that covers
 * a new column gets the next number.
 */
const formats: Record<number, RawBuilder<string>> = {
  1: sql<string>`json_build_array(e.id, e.seq, to_char(e.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    e.action, e.outcome, e.actor_id, e.actor_role, e.subject_id, e.session_id, e.changes, e.ip, e.user_agent, e.request_id,
    e.trace_id, encode(e.personal_changes, 'hex'), encode(e.personal_origin, 'hex'))::text`,
}

/** That of new seals. */
export const latestRowFormat = 1

export function knowsRowFormat(format: number): boolean {
  return format in formats
}

function written(format: number): RawBuilder<string> {
  const row = formats[format]
  if (!row) throw new RangeError(`No row format ${format}`)
  return row
}

/**
 * The first `limit` events that no seal holds. `settledSeq` is that of the last seal: everything up to it is sealed, and
 * of what lies above it as much is sealed as the seals that reach above it hold.
 */
export async function listUnsealed(db: Db, settledSeq: string, limit: number): Promise<CanonicalRow[]> {
  const { rows } = await sql<CanonicalRow>`
    WITH sealed AS (
      SELECT unnest(event_ids) AS id FROM audit_seals WHERE max_seq > ${settledSeq}
    ), next AS (
      SELECT * FROM audit_events WHERE seq > ${settledSeq} ORDER BY seq LIMIT ${limit} + (SELECT count(*) FROM sealed)
    )
    SELECT e.id, e.seq, ${written(latestRowFormat)} AS row FROM next AS e
    WHERE NOT EXISTS (SELECT FROM sealed WHERE sealed.id = e.id) ORDER BY e.seq LIMIT ${limit}`.execute(db)
  return rows
}

/** Events in the order of their seq, from behind `afterSeq`. */
export async function listRows(db: Db, format: number, afterSeq: string, limit: number): Promise<CanonicalRow[]> {
  const { rows } = await sql<CanonicalRow>`SELECT e.id, e.seq, ${written(format)} AS row FROM audit_events AS e
    WHERE e.seq > ${afterSeq} ORDER BY e.seq LIMIT ${limit}`.execute(db)
  return rows
}

export async function findRow(db: Db, format: number, id: string): Promise<CanonicalRow | undefined> {
  const { rows } = await sql<CanonicalRow>`SELECT e.id, e.seq, ${written(format)} AS row FROM audit_events AS e
    WHERE e.id = ${id}`.execute(db)
  return rows[0]
}
