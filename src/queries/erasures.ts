import type { Insertable, Selectable } from 'kysely'
import type { Db, Tx } from '../db/database.ts'
import type { ErasuresTable } from '../db/tables.ts'

export type ErasureRow = Selectable<ErasuresTable>

export function insertErasure(tx: Tx, erasure: Insertable<ErasuresTable>): Promise<ErasureRow> {
  return tx.insertInto('erasures').values(erasure).returningAll().executeTakeFirstOrThrow()
}

/** Adds those of a copy that are not known here; answers how many they were. */
export async function addErasures(db: Db, erasures: ErasureRow[]): Promise<number> {
  const result = await db
    .insertInto('erasures')
    .values(erasures.map((each) => ({ ...each, erased: JSON.stringify(each.erased) })))
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return Number(result.numInsertedOrUpdatedRows ?? 0)
}

export function findErasure(db: Db, userId: string): Promise<ErasureRow | undefined> {
  return db.selectFrom('erasures').selectAll().where('user_id', '=', userId).executeTakeFirst()
}

/** In the order of the users' ids. */
export function listErasures(
  db: Db,
  { afterUserId, limit }: { afterUserId: string | undefined; limit: number },
): Promise<ErasureRow[]> {
  return db
    .selectFrom('erasures')
    .selectAll()
    .$if(afterUserId !== undefined, (query) => query.where('user_id', '>', afterUserId!))
    .orderBy('user_id')
    .limit(limit)
    .execute()
}

/** Those of the ids that somebody bears nevertheless. */
export async function findReturned(db: Db, userIds: string[]): Promise<string[]> {
  const rows = await db.selectFrom('users').select('id').where('id', 'in', userIds).execute()
  return rows.map(({ id }) => id)
}
