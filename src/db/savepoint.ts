import { sql } from 'kysely'
import type { Tx } from './database.ts'

/**
 * Runs a part of a transaction that may fail alone: where `work` throws, what it did is undone and the transaction goes
 * on. `keep: false` undoes it in any case, to see whether it would work.
 */
export async function inSavepoint<T>(tx: Tx, work: () => Promise<T>, { keep = true } = {}): Promise<T> {
  await sql`SAVEPOINT part`.execute(tx)
  try {
    const result = await work()
    if (!keep) await sql`ROLLBACK TO SAVEPOINT part`.execute(tx)
    return result
  } catch (error) {
    await sql`ROLLBACK TO SAVEPOINT part`.execute(tx)
    throw error
  } finally {
    await sql`RELEASE SAVEPOINT part`.execute(tx).catch(() => undefined)
  }
}
