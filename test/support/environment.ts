import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../../src/db/embedded.ts'
import { migrate } from '../../src/db/migrate.ts'
import { query, template } from './database.ts'
import { removeAbandoned, runPrefix, temporaryFolder } from './temporaryFolder.ts'

/** Nothing here has to outlive a power cut. */
const hasty = { fsync: 'off', full_page_writes: 'off' }

/**
 * Once for the whole run: a folder for all its files, a PostgreSQL of its own (or the server of TEST_DATABASE_URL, as a
 * superuser) with a migrated template that each test file copies, and a place for the answers seen.
 */
export default async function startEnvironment(): Promise<void> {
  const { TMPDIR } = process.env
  const parent = await temporaryFolder()
  await removeAbandoned(parent)
  const folder = await mkdtemp(join(parent, runPrefix))
  // Others may pass through it, as through any ordinary folder: PostgreSQL does, as a user of its own.
  await chmod(folder, 0o711)
  process.env.TMPDIR = folder
  const given = process.env.TEST_DATABASE_URL
  const server =
    given === undefined
      ? await startEmbeddedPostgres(join(folder, 'server'), hasty)
      : { url: given, stop: () => Promise.resolve() }
  process.env.TEST_SERVER_URL = server.url
  process.env.TEST_RECORD_FOLDER = await mkdtemp(join(folder, 'records-'))
  process.env.NODE_COMPILE_CACHE = join(folder, 'compiled')
  await query(server.url, `DROP DATABASE IF EXISTS ${template}`)
  await query(server.url, `CREATE DATABASE ${template}`)
  const url = new URL(server.url)
  url.pathname = template
  await migrate(url.href)
  Object.assign(globalThis, {
    stopTestEnvironment: async () => {
      await server.stop()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
      // Who watches files begins the next run in this process.
      if (TMPDIR === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = TMPDIR
    },
  })
}
