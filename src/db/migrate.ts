import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { StartupError } from '../startupError.ts'
import type { Db } from './database.ts'
import { isUnavailable } from './errors.ts'
import {
  findPending,
  migrationNames,
  migrationsDirectory,
  readMigrations,
  type AppliedMigration,
  type Migration,
} from './migrationFiles.ts'
import { applyMigration } from './applyMigration.ts'
import { applicationRole, ensureRoles, ownerRole } from './roles.ts'

interface MigrateOptions {
  directory?: string
  /** How long another instance may be migrating before we give up. Milliseconds. */
  patience?: number
  /** Sets the rights right where nothing is pending, too: a dump has those on tables, not those on the database. */
  isRestored?: boolean
}

// Any number, the same in every release. Not the embedded server's: that one is held as long as the server runs.
const lockKey = 7311496225
const oldestServer = 140000

/**
 * Brings the database at `url` up to date and tells the names of the migrations it applied. Any number of instances may
 * call it at once: one works, the others wait for it. Where nothing is pending, any member of user_management_app will
 * do; else see roles.ts. Throws a StartupError for what the operator must mend, and the driver's own error (see
 * `isUnavailable`) when the database is not there yet.
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<string[]> {
  const migrations = await readMigrations(options.directory ?? migrationsDirectory)
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, keepAlive: true })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await checkServer(client)
    // Or a statement of ours would run to its end, and hold the lock, after our process was killed.
    await client.query(`SET client_connection_check_interval = '1s'`)
    if (!options.isRestored && (await isUpToDate(client, migrations))) return []
    await takeLock(client, options.patience ?? 120_000)
    await ensureRoles(client)
    await client.query(`SET ROLE ${ownerRole}`)
    return await applyPending(client, migrations)
  } catch (error) {
    if (error instanceof StartupError || isUnavailable(error) || !(error instanceof pg.DatabaseError)) throw error
    throw new StartupError(`The database refused: ${error.message}.`, { cause: error })
  } finally {
    // Ends the session and the lock with it.
    await client.end().catch(() => undefined)
  }
}

/** The names of the migrations that the database at hand lacks. For readiness; reads as the application's role. */
export async function pendingMigrations(db: Db, directory = migrationsDirectory): Promise<string[]> {
  const applied = new Set((await db.selectFrom('schema_migrations').select('name').execute()).map(({ name }) => name))
  return (await migrationNames(directory)).filter((name) => !applied.has(name))
}

async function checkServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ server_version_num: string }>('SHOW server_version_num')
  if (Number(rows[0]?.server_version_num) < oldestServer) throw new StartupError('PostgreSQL 14 or newer is needed.')
}

async function isUpToDate(client: pg.Client, migrations: Migration[]): Promise<boolean> {
  try {
    await client.query(`SET ROLE ${applicationRole}`)
    return findPending(migrations, await readHistory(client)).length === 0
  } catch (error) {
    // No role, no table or no right yet: the full way will tell.
    if (error instanceof pg.DatabaseError && !isUnavailable(error)) return false
    throw error
  } finally {
    await client.query('RESET ROLE').catch(() => undefined)
  }
}

// Asked for again and again instead of waited for inside PostgreSQL: a waiting statement holds a snapshot, and CREATE
// INDEX CONCURRENTLY in the migrating session would wait for that one in turn.
async function takeLock(client: pg.Client, patience: number): Promise<void> {
  const deadline = Date.now() + patience
  for (;;) {
    const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [lockKey])
    if (rows[0]?.held) return
    if (Date.now() > deadline) {
      throw new StartupError(`Another instance has been migrating the database for over ${patience / 1000} s.`)
    }
    await sleep(randomInt(50, 150))
  }
}

async function readHistory(client: pg.Client): Promise<AppliedMigration[]> {
  const { rows } = await client.query<AppliedMigration>(
    'SELECT number, name, checksum FROM public.schema_migrations ORDER BY number',
  )
  return rows
}

async function applyPending(client: pg.Client, migrations: Migration[]): Promise<string[]> {
  await client.query('SET search_path = public')
  await client.query('SET client_min_messages = warning')
  await client.query(`CREATE TABLE IF NOT EXISTS schema_migrations (
    number     integer PRIMARY KEY,
    name       text NOT NULL,
    checksum   text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
  )`)
  const pending = findPending(migrations, await readHistory(client))
  for (const migration of pending) await applyMigration(client, migration)
  return pending.map(({ name }) => name)
}
