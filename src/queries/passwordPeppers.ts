import { sql, type Selectable } from 'kysely'
import type { Db, Tx } from '../db/database.ts'
import type { PasswordPeppersTable } from '../db/tables.ts'

export function listPeppers(tx: Tx): Promise<Selectable<PasswordPeppersTable>[]> {
  return tx.selectFrom('password_peppers').selectAll().execute()
}

/** Remembers a pepper; one that is known by this id stays as it is. */
export async function insertPepper(tx: Tx, id: string, proof: Buffer): Promise<void> {
  await tx
    .insertInto('password_peppers')
    .values({ id, proof })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function deletePepper(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('password_peppers').where('id', '=', id).execute()
}

/** Whether some hash was made with this pepper; reads whole tables, so it is asked only when one was taken out. */
export async function isPepperInUse(db: Db, id: string): Promise<boolean> {
  // With what ends it, or it would be found in front of a longer one.
  const mark = `keyid=${Buffer.from(id).toString('base64').replace(/=+$/, '')}$`
  const isMarked = sql<boolean>`strpos(password_hash, ${mark}) > 0`
  const user = db.selectFrom('users').select('id').where(isMarked)
  const registration = db.selectFrom('registrations').select('id').where(isMarked)
  return (await user.unionAll(registration).limit(1).executeTakeFirst()) !== undefined
}
