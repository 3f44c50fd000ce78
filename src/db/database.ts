import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import { PooledClient } from './pooledClient.ts'
import type { Tables } from './tables.ts'
import { valueParsers } from './valueParsers.ts'

/** The pool or a transaction, whichever the caller has. */
export type Db = Kysely<Tables>
/** A transaction; the pool is not one, and handing it over does not compile. */
export type Tx = Transaction<Tables>

export interface ConnectOptions {
  /** Shown in pg_stat_activity. */
  applicationName: string
  /** Connections at most. Over all instances they must stay below the server's max_connections less its reserve. */
  poolSize: number
  /** Told of connections that broke while nobody was using them; whoever was using one learns of it from the query. */
  onConnectionError?: (error: Error) => void
  /** Lets a statement take as long as it needs, as nobody waits for it: for commands, never for requests. */
  isPatient?: boolean
}

export interface Database {
  db: Db
  pool: pg.Pool
}

// Each longer than the one it contains, all inside a request's budget; a frozen server never fires its own, so the
// client has one too. Milliseconds.
export const timeouts = { connect: 2000, lock: 1500, statement: 3000, query: 4000, idleInTransaction: 10_000 }

// Sent with the start-up message: set before the first query, at no round trip. `role` gives up the rights the URL's
// user may have beyond the application's own. That user must be a superuser or a member of user_management_app:
// migrate() makes the user it runs as a member; for another login the administrator does it once with
// GRANT user_management_app TO <login>.
const settings = {
  role: 'user_management_app',
  TimeZone: 'UTC',
  DateStyle: 'ISO',
  default_transaction_isolation: 'read\\ committed',
  lock_timeout: timeouts.lock,
  statement_timeout: timeouts.statement,
  idle_in_transaction_session_timeout: timeouts.idleInTransaction,
  // Every query is short: to start workers or a compiler takes longer than it saves.
  max_parallel_workers_per_gather: 0,
  jit: 'off',
  // A search in ten million users notes the pages of what it found in so much; with less it would test whole pages again.
  work_mem: '32MB',
}

function withSettings(url: string, isPatient: boolean): string {
  const parsed = new URL(url)
  const own = Object.entries({ ...settings, ...(isPatient ? { statement_timeout: 0 } : {}) }).map(
    ([name, value]) => `-c ${name}=${value}`,
  )
  // Ours last: PostgreSQL takes the last of two.
  parsed.searchParams.set('options', [parsed.searchParams.get('options') ?? '', ...own].join(' ').trim())
  return parsed.href
}

/**
 * A pool of connections to `url` (a postgres:// URL), none opened before the first query. Ends with `pool.end()` or
 * `db.destroy()`.
 */
export function connect(url: string, options: ConnectOptions): Database {
  const { isPatient = false, onConnectionError: report = () => undefined } = options
  const pool = new pg.Pool({
    connectionString: withSettings(url, isPatient),
    Client: PooledClient,
    max: options.poolSize,
    application_name: options.applicationName,
    connectionTimeoutMillis: timeouts.connect,
    query_timeout: isPatient ? 0 : timeouts.query,
    keepAlive: true,
    types: valueParsers,
  })
  // The end of a pool does not wait until its connections are closed; a server that stops meanwhile is no surprise.
  pool.on('error', (error) => {
    if (!pool.ending) report(error)
  })
  // The pool listens only while a client is idle; a backend killed between two queries of a transaction would
  // otherwise end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return { db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }), pool }
}
