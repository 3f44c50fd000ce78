import { sql } from 'kysely'
import type { Db } from './database.ts'
import type { Timestamp } from './columnTypes.ts'

/** The database's time, on which all instances agree; within a transaction the moment when it began. */
export async function readTime(db: Db): Promise<Timestamp> {
  const { now } = await db.selectNoFrom(sql<Timestamp>`now()`.as('now')).executeTakeFirstOrThrow()
  return now
}
