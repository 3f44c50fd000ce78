import { sql } from 'kysely'
import type { Db, Tx } from '../db/database.ts'
import type { Holder } from './userImports.ts'

/**
 * Adds the next piece of a file in one statement. False where the file does not end at `start`, another upload has taken
 * its place, or the import was cancelled.
 */
export async function appendChunk(
  db: Db,
  { id, holderId }: Holder,
  { start, data }: { start: number; data: Buffer },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    WITH upload AS (
      UPDATE user_imports SET received_bytes = received_bytes + ${data.length}, received_at = now()
      WHERE id = ${id} AND upload_id = ${holderId} AND status = 'receiving' AND received_bytes = ${start}
      RETURNING id
    )
    INSERT INTO user_import_chunks (import_id, start_byte, data) SELECT id, ${start}, ${data} FROM upload`.execute(db)
  return numAffectedRows === 1n
}

/** The piece of a file in which the byte lies, or would lie at its end. */
export async function findChunk(
  db: Db,
  importId: string,
  byte: number,
): Promise<{ start: number; data: Buffer } | undefined> {
  const chunk = await db
    .selectFrom('user_import_chunks')
    .select(['start_byte', 'data'])
    .where('import_id', '=', importId)
    .where('start_byte', '<=', String(byte))
    .orderBy('start_byte', 'desc')
    .limit(1)
    .executeTakeFirst()
  return chunk && { start: Number(chunk.start_byte), data: chunk.data }
}

/** The pieces that end before the byte. */
export async function deleteChunksBefore(tx: Tx, importId: string, byte: number): Promise<void> {
  await sql`
    DELETE FROM user_import_chunks WHERE import_id = ${importId} AND start_byte < (
      SELECT max(start_byte) FROM user_import_chunks WHERE import_id = ${importId} AND start_byte <= ${byte})`.execute(
    tx,
  )
}

export async function deleteChunks(tx: Tx, importId: string): Promise<void> {
  await tx.deleteFrom('user_import_chunks').where('import_id', '=', importId).execute()
}

/** At most `limit` pieces of files that nobody reads any more; answers how many. */
export async function deleteSpentChunks(db: Db, limit: number): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    WITH picked AS MATERIALIZED (
      SELECT import_id, start_byte FROM user_import_chunks JOIN user_imports ON user_imports.id = import_id
      WHERE finished_at IS NOT NULL OR (status = 'receiving' AND received_at < now() - interval '1 day')
      LIMIT ${limit} FOR UPDATE OF user_import_chunks SKIP LOCKED)
    DELETE FROM user_import_chunks WHERE (import_id, start_byte) IN (SELECT import_id, start_byte FROM picked)`.execute(
    db,
  )
  return Number(numAffectedRows)
}
