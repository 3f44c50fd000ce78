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

/**
 * Leaves of what somebody began what it was, not who: answers how many there were. What has not ended is cancelled: without
 * anybody who began it, it would go on as if the operator had.
 */
export async function disownImports(tx: Tx, userId: string): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    UPDATE user_imports SET created_by = NULL, idempotency_key = NULL, lease_id = NULL, leased_until = NULL,
      origin = origin || '{"session_id": null}', finished_at = coalesce(finished_at, now()),
      status = CASE WHEN finished_at IS NULL THEN 'cancelled' ELSE status END
    WHERE created_by = ${userId}`.execute(tx)
  return Number(numAffectedRows)
}
