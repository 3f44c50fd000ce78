import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Db, Tx } from './database.ts'
import { classifyDatabaseError } from './errors.ts'

const retries = 3

/**
 * Runs `work` in a READ COMMITTED transaction, and again from its start, at most three times, when PostgreSQL gave the
 * transaction up to a deadlock or a serialization failure. `work` must therefore do nothing but talk to the database.
 * Only PostgreSQL's own word that it rolled back leads to another run: a COMMIT whose answer was lost may have happened.
 */
export async function inTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work)
    } catch (error) {
      if (attempt > retries || classifyDatabaseError(error).kind !== 'serialization') throw error
      await sleep(randomInt(5, 25) * attempt)
    }
  }
}
