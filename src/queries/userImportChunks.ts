import { sql } from 'kysely'
import type { Db, Tx } from '../db/database.ts'
import type { Holder } from './userImports.ts'

/** Pieces that one statement deletes: 10 MiB of a file, which is what a deletion takes time by. */
export const chunksAtOnce = 80

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

/** At most `limit` pieces of a file; answers how many. */
export async function deleteChunks(tx: Tx, importId: string, limit: number): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    DELETE FROM user_import_chunks WHERE import_id = ${importId} AND start_byte = ANY (ARRAY (
      SELECT start_byte FROM user_import_chunks WHERE import_id = ${importId} ORDER BY start_byte LIMIT ${limit}))`.execute(
    tx,
  )
  return Number(numAffectedRows)
}

/**
 * At most `limit` pieces of files that nobody reads any more; answers how many. Looked for import by import: all the
 * rows of one that goes on would be read in vain, every time.
 */
export async function deleteSpentChunks(db: Db, limit: number): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    WITH picked AS MATERIALIZED (
      SELECT spent.* FROM user_imports CROSS JOIN LATERAL (
        SELECT import_id, start_byte FROM user_import_chunks WHERE import_id = user_imports.id
        ORDER BY start_byte LIMIT ${limit} FOR UPDATE SKIP LOCKED) AS spent
      WHERE finished_at IS NOT NULL OR (status = 'receiving' AND received_at < now() - interval '1 day')
      LIMIT ${limit})
    DELETE FROM user_import_chunks WHERE (import_id, start_byte) IN (SELECT import_id, start_byte FROM picked)`.execute(
    db,
  )
  return Number(numAffectedRows)
}
