import { sql, type Insertable, type Selectable } from 'kysely'
import type { Db, Tx } from '../db/database.ts'
import { isPicked } from '../db/picked.ts'
import type { IdempotencyKeysTable } from '../db/tables.ts'

export type IdempotencyKeyRow = Selectable<IdempotencyKeysTable>

const isExpired = sql<boolean>`idempotency_keys.created_at <= now() - interval '24 hours'`

/** Waits until nobody else works under the key; until the transaction ends others wait for this one. */
export async function lockKey(tx: Tx, keyHash: Buffer): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtext('idempotency_keys'), hashtext(encode(${keyHash}, 'hex')))`.execute(tx)
}

export function findKey(tx: Tx, keyHash: Buffer): Promise<IdempotencyKeyRow | undefined> {
  return tx
    .selectFrom('idempotency_keys')
    .selectAll()
    .where('key_hash', '=', keyHash)
    .where((where) => where.not(isExpired))
    .executeTakeFirst()
}

/** Takes the place of a record that has expired. */
export async function insertKey(tx: Tx, record: Omit<Insertable<IdempotencyKeysTable>, 'created_at'>): Promise<void> {
  const values = { ...record, created_at: sql<string>`now()` }
  await tx
    .insertInto('idempotency_keys')
    .values(values)
    .onConflict((conflict) => conflict.column('key_hash').doUpdateSet(values).where(isExpired))
    .execute()
}

/** At most `limit` of them; answers how many. */
export async function deleteExpiredKeys(db: Db, limit: number): Promise<number> {
  const expired = db
    .selectFrom('idempotency_keys')
    .select('key_hash')
    .where(isExpired)
    .limit(limit)
    .forUpdate()
    .skipLocked()
  const result = await db.deleteFrom('idempotency_keys').where(isPicked('key_hash', expired)).executeTakeFirstOrThrow()
  return Number(result.numDeletedRows)
}
