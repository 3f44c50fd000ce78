import { mkdtemp, readFile, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../../src/db/embedded.ts'
import { migrate } from '../../src/db/migrate.ts'
import { query, template } from './database.ts'

/** Nothing here has to outlive a power cut. */
const hasty = { fsync: 'off', full_page_writes: 'off' }

const memory = '/dev/shm'
const enough = 4 * 2 ** 30

/**
 * Where the files of a run are kept, which nobody wants afterwards: in memory, where there is enough of it and programs
 * may be run. On a disk each database of hundreds of files that is made and dropped makes the next one dearer, up to ten
 * times: ext4 looks for an inode that was not freed within the last minutes (`recently_deleted` in its `ialloc.c`).
 */
async function temporaryFolder(): Promise<string> {
  const mounts = await readFile('/proc/mounts', 'utf8').catch(() => '')
  const options = mounts
    .split('\n')
    .map((line) => line.split(' '))
    .findLast(([, folder]) => folder === memory)?.[3]
  if (options === undefined || options.split(',').includes('noexec')) return tmpdir()
  const { bavail, bsize } = await statfs(memory)
  return bavail * bsize >= enough ? memory : tmpdir()
}

/**
 * Once for the whole run: a PostgreSQL of its own (or the server of TEST_DATABASE_URL, as a superuser) with a migrated
 * template that each test file copies, and a folder for the answers seen.
 */
export default async function startEnvironment(): Promise<void> {
  process.env.TMPDIR = await temporaryFolder()
  const folder = await mkdtemp(join(tmpdir(), 'user-management-test-'))
  const given = process.env.TEST_DATABASE_URL
  const server =
    given === undefined ? await startEmbeddedPostgres(folder, hasty) : { url: given, stop: () => Promise.resolve() }
  process.env.TEST_SERVER_URL = server.url
  process.env.TEST_RECORD_FOLDER = folder
  process.env.NODE_COMPILE_CACHE = join(folder, 'compiled')
  await query(server.url, `DROP DATABASE IF EXISTS ${template}`)
  await query(server.url, `CREATE DATABASE ${template}`)
  const url = new URL(server.url)
  url.pathname = template
  await migrate(url.href)
  Object.assign(globalThis, {
    stopTestEnvironment: async () => {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  })
}
