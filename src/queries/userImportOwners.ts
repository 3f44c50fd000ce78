import { sql } from 'kysely'
import type { Db, Tx } from '../db/database.ts'
import type { ImportRow } from './userImports.ts'

/** What one user began, in its order. */
export function listImportsOf(
  db: Db,
  userId: string,
  { afterId, limit }: { afterId: string | undefined; limit: number },
): Promise<ImportRow[]> {
  return db
    .selectFrom('user_imports')
    .selectAll()
    .where('created_by', '=', userId)
    .$if(afterId !== undefined, (query) => query.where('id', '>', afterId!))
    .orderBy('id')
    .limit(limit)
    .execute()
}

export interface EndedImport {
  id: string
  /** As of when it was locked. */
  before: ImportRow['status']
}

/** Cancels whatever has not ended, and takes it away from whoever works on it. */
export async function cancelUnfinished(tx: Tx): Promise<EndedImport[]> {
  const { rows } = await sql<EndedImport>`
    WITH unfinished AS (SELECT id, status FROM user_imports WHERE finished_at IS NULL ORDER BY id FOR UPDATE)
    UPDATE user_imports SET status = 'cancelled', finished_at = now(), lease_id = NULL, leased_until = NULL
    FROM unfinished WHERE user_imports.id = unfinished.id
    RETURNING unfinished.id, unfinished.status AS before`.execute(tx)
  return rows
}

/**
 * Leaves of what somebody began what it was, not who. What has not ended is cancelled in the same statement: without anybody
 * who began it, it would go on as if the operator had. Answers all of them, the ended ones too.
 */
export async function disownImports(tx: Tx, userId: string): Promise<EndedImport[]> {
  const { rows } = await sql<EndedImport>`
    WITH theirs AS (SELECT id, status FROM user_imports WHERE created_by = ${userId} ORDER BY id FOR UPDATE)
    UPDATE user_imports SET created_by = NULL, idempotency_key = NULL, lease_id = NULL, leased_until = NULL,
      origin = origin || '{"session_id": null}', finished_at = coalesce(finished_at, now()),
      status = CASE WHEN finished_at IS NULL THEN 'cancelled' ELSE user_imports.status END
    FROM theirs WHERE user_imports.id = theirs.id
    RETURNING theirs.id, theirs.status AS before`.execute(tx)
  return rows
}
