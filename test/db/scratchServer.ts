import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbeddedPostgres } from '../../src/db/embedded.ts'

/** A folder for one test; others may pass through it, as through any ordinary folder. */
export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'user-management-test-'))
  await chmod(folder, 0o711)
  return folder
}

export interface ScratchServer {
  url: string
  /** A new, empty database; its URL for the superuser or for `login`. */
  createDatabase(name: string, login?: string): Promise<string>
  stop(): Promise<void>
}

export async function startScratchServer(): Promise<ScratchServer> {
  const folder = await scratchFolder()
  const server = await startEmbeddedPostgres(folder)
  return {
    url: server.url,
    async createDatabase(name, login) {
      const owner = login ? ` OWNER ${login}` : ''
      await query(server.url, `CREATE DATABASE ${name}${owner}`)
      return changed(server.url, name, login)
    },
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true })
    },
  }
}

/** The URL for another database and, with the password "secret", another login. */
export function changed(url: string, database: string, login?: string): string {
  const parsed = new URL(url)
  parsed.pathname = `/${database}`
  if (login) Object.assign(parsed, { username: login, password: 'secret' })
  return parsed.href
}

/** Runs the statements one by one on a connection of their own; the rows of the last. */
export async function query(url: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    let rows: Record<string, unknown>[] = []
    for (const statement of statements) ({ rows } = await client.query<Record<string, unknown>>(statement))
    return rows
  } finally {
    await client.end()
  }
}

/** Tries until it answers; for what another process is about to do. */
export async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 15_000
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}
