import { sql } from 'kysely'
import type { Tx } from '../db/database.ts'

export type SubjectKeys = Map<string, Buffer>

/**
 * The key of each person, which is the proposed one where they had none. Somebody who is gone from `users`, or goes just
 * now, gets none: an erased person must not be given a new key.
 */
export async function keepSubjectKeys(tx: Tx, proposed: SubjectKeys): Promise<SubjectKeys> {
  const kept = await findOrMake(tx, proposed)
  if (kept.size === proposed.size) return kept
  // Made by another transaction while this statement waited for it: the next one sees them.
  const missing = [...proposed].filter(([userId]) => !kept.has(userId))
  return new Map([...kept, ...(await findOrMake(tx, new Map(missing)))])
}

/** Keys of people whom this transaction has made, so that nobody else can know of them yet. */
export async function insertSubjectKeys(tx: Tx, keys: SubjectKeys): Promise<void> {
  await sql`
    INSERT INTO subject_keys (user_id, key)
    SELECT * FROM unnest(${[...keys.keys()]}::uuid[], ${[...keys.values()]}::bytea[])`.execute(tx)
}

async function findOrMake(tx: Tx, proposed: SubjectKeys): Promise<SubjectKeys> {
  // The lock waits for whoever deletes the user, and then finds nobody.
  const { rows } = await sql<{ user_id: string; key: Buffer }>`
    WITH proposed AS (
      SELECT * FROM unnest(${[...proposed.keys()]}::uuid[], ${[...proposed.values()]}::bytea[]) AS p (user_id, key)
    ), made AS (
      INSERT INTO subject_keys (user_id, key)
      SELECT users.id, proposed.key FROM proposed JOIN users ON users.id = proposed.user_id
      WHERE NOT EXISTS (SELECT FROM subject_keys WHERE subject_keys.user_id = proposed.user_id)
      FOR KEY SHARE OF users
      ON CONFLICT DO NOTHING RETURNING user_id, key
    )
    SELECT user_id, key FROM made
    UNION ALL SELECT user_id, subject_keys.key FROM subject_keys JOIN proposed USING (user_id)`.execute(tx)
  return new Map(rows.map(({ user_id, key }) => [user_id, key]))
}

/**
 * Erases a person's values from every audit event, those of transactions that are still open included. Comes after the
 * events of the erasure itself and with the removal of the user's row, which is what keeps others from making a new key. Answers how many keys there were.
 */
export async function destroySubjectKey(tx: Tx, userId: string): Promise<number> {
  const { numDeletedRows } = await tx.deleteFrom('subject_keys').where('user_id', '=', userId).executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
