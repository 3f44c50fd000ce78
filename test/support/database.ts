import { randomUUID } from 'node:crypto'
import pg from 'pg'

/** The migrated database that others are copied from. */
export const template = 'user_management_template'

// Where nothing is synchronized to disk, copying the files takes a fifth of what writing them to the log does. A server
// that was given may be careful, or older than the word.
const strategy = process.env.TEST_DATABASE_URL === undefined ? 'STRATEGY FILE_COPY' : ''

/** Runs one statement on a connection of its own. */
export async function query<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(text, values)).rows
  } finally {
    await client.end()
  }
}

export interface TestDatabase {
  /** Connects as the server's superuser: for looking behind the curtain and for doing damage. */
  url: string
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
  drop(): Promise<void>
}

/** A fresh copy of the migrated template; takes some 30 ms. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env.TEST_SERVER_URL
  if (server === undefined) throw new Error('start the tests with "npm test"')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await query(server, `CREATE DATABASE ${name} TEMPLATE ${template} ${strategy}`)
  const url = new URL(server)
  url.pathname = name
  // Every answer is held against the audit trail; a connection for each would take longer than the answer.
  const pool = new pg.Pool({ connectionString: url.href, max: 4 })
  pool.on('error', () => undefined)
  return {
    url: url.href,
    query: async <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) =>
      (await pool.query<Row>(text, values)).rows,
    async drop() {
      await pool.end()
      await query(server, `DROP DATABASE ${name} WITH (FORCE)`)
    },
  }
}

/** A copy of a database, as a backup is one. */
export async function copyOf({ url }: TestDatabase): Promise<TestDatabase> {
  const backup = await createTestDatabase()
  const [from, to] = [new URL(url).pathname.slice(1), new URL(backup.url).pathname.slice(1)]
  const server = process.env.TEST_SERVER_URL!
  await query(server, `DROP DATABASE ${to} WITH (FORCE)`)
  // Or somebody's pool would be back before the copy is made.
  await query(server, `ALTER DATABASE ${from} ALLOW_CONNECTIONS false`)
  await query(server, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${from}'`)
  await query(server, `CREATE DATABASE ${to} TEMPLATE ${from} ${strategy}`)
  await query(server, `ALTER DATABASE ${from} ALLOW_CONNECTIONS true`)
  return backup
}
