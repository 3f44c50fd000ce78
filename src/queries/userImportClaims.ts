import { sql } from 'kysely'
import type { Db, Tx } from '../db/database.ts'

export interface Claim {
  key: string
  line: number
}

/** Which of the keys an earlier row of the dry run has, and which row. */
export function findClaims(tx: Tx, importId: string, keys: string[]): Promise<Claim[]> {
  const query = tx.selectFrom('user_import_claims').select(['key', 'line']).where('import_id', '=', importId)
  return query.where('key', '=', sql<string>`ANY(${keys})`).execute()
}

export async function insertClaims(tx: Tx, importId: string, claims: Claim[]): Promise<void> {
  await tx
    .insertInto('user_import_claims')
    .values(claims.map((claim) => ({ import_id: importId, ...claim })))
    .execute()
}

/** Whom a claim may be of: somebody who has had the name and the address until a moment, or until now where it is null. */
interface Claimant {
  usernameKey: string
  emailKey: string
  until: string | null
}

/** Those of imports that were begun until then; answers how many there were. */
export async function removeClaims(tx: Tx, { usernameKey, emailKey, until }: Claimant): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    DELETE FROM user_import_claims WHERE key = ANY(${[usernameKey, emailKey]}) AND import_id IN (
      SELECT id FROM user_imports WHERE dry_run AND created_at <= coalesce(${until}::timestamptz, now()))`.execute(tx)
  return Number(numAffectedRows)
}

/** At most `limit` claims of dry runs that have ended; answers how many. */
export async function deleteSpentClaims(db: Db, limit: number): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    WITH picked AS MATERIALIZED (
      SELECT import_id, key FROM user_import_claims JOIN user_imports ON user_imports.id = import_id
      WHERE finished_at IS NOT NULL LIMIT ${limit} FOR UPDATE OF user_import_claims SKIP LOCKED)
    DELETE FROM user_import_claims WHERE (import_id, key) IN (SELECT import_id, key FROM picked)`.execute(db)
  return Number(numAffectedRows)
}
