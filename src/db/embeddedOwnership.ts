import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

// Any number, the same in every release: who holds this advisory lock in the cluster's `postgres` database owns it.
const lockKey = 4207849484

export interface Ownership {
  release(): Promise<void>
}

export interface ServerAddress {
  port: number
  password: string
}

export async function openSession({ port, password }: ServerAddress): Promise<pg.Client> {
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port, user: 'postgres', password, database: 'postgres', keepAlive: true },
    ...{ application_name: 'user-management-api owner', connectionTimeoutMillis: 2000, query_timeout: 20_000 },
  })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

export async function tryLock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [lockKey])
  return rows[0]?.held === true
}

/**
 * Whether a running server belongs to nobody. Looks twice: between starting a server and locking it, or between losing
 * the locking connection and renewing it, a living owner is without the lock for some milliseconds.
 */
export async function isOrphan(client: pg.Client): Promise<boolean> {
  if (!(await tryLock(client))) return false
  await client.query('SELECT pg_advisory_unlock($1)', [lockKey])
  await sleep(400)
  return tryLock(client)
}

/** Keeps the lock that `client` holds; takes it again on a new connection whenever that one breaks. */
export function keepOwnership(client: pg.Client, address: ServerAddress): Ownership {
  let current = client
  let released = false
  const renew = async (): Promise<void> => {
    while (!released) {
      const next = await openSession(address).catch(() => undefined)
      if (next && (await tryLock(next).catch(() => false))) return hold(next)
      await next?.end().catch(() => undefined)
      await sleep(100)
    }
  }
  const hold = (held: pg.Client): void => {
    current = held
    held.once('end', () => void renew())
    // Released, or broken again, before anybody listened.
    if (released) void held.end().catch(() => undefined)
  }
  hold(client)
  return {
    async release() {
      released = true
      await current.end().catch(() => undefined)
    },
  }
}
