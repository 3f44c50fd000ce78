import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { StartupError } from '../startupError.ts'
import { isUnavailable } from './errors.ts'
import type { Migration } from './migrationFiles.ts'

/**
 * How long to wait for a lock, try by try, in milliseconds. Whoever reads queues behind us meanwhile, so that is brief, for
 * a quarter of a minute: no transaction of the service lasts longer. An autovacuum gives way only after a second.
 */
const lockTimeouts = [...Array.from({ length: 30 }, () => 50), 2000, 2000]
const pause = 450

/**
 * Runs one migration and records it, both or neither. Throws a StartupError naming the file, or the driver's own error
 * where the database went away meanwhile.
 */
export async function applyMigration(client: pg.Client, migration: Migration): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const lockTimeout = lockTimeouts[attempt]!
      return await (migration.transactional ? runInside(client, migration, lockTimeout) : runOutside(client, migration))
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error
      // lock_not_available: out of the way of the readers that would queue behind us, then again.
      const isLocked = error.code === '55P03'
      if (!isLocked && isUnavailable(error)) throw error
      if (!isLocked || attempt === lockTimeouts.length - 1) {
        throw new StartupError(`The migration ${migration.name} failed: ${error.message}.`, { cause: error })
      }
      await sleep(pause)
    }
  }
}

async function runInside(client: pg.Client, migration: Migration, lockTimeout: number): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(`SET LOCAL lock_timeout = ${lockTimeout}`)
    await client.query(`SET LOCAL statement_timeout = 0`)
    await client.query(migration.sql)
    await record(client, migration)
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

// For CREATE INDEX CONCURRENTLY, which blocks nobody while it waits: no lock_timeout. It leaves an invalid index
// behind when it fails; nobody else builds one while we hold the lock on migrations.
async function runOutside(client: pg.Client, migration: Migration): Promise<void> {
  const { rows } = await client.query<{ index: string }>(
    `SELECT indexrelid::regclass AS index FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
     WHERE NOT indisvalid AND relnamespace = 'public'::regnamespace`,
  )
  await client.query('SET lock_timeout = 0')
  await client.query('SET statement_timeout = 0')
  for (const { index } of rows) await client.query(`DROP INDEX CONCURRENTLY IF EXISTS ${index}`)
  await client.query(migration.sql)
  await record(client, migration)
}

async function record(client: pg.Client, { number, name, checksum }: Migration): Promise<void> {
  await client.query('INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)', [
    number,
    name,
    checksum,
  ])
}
