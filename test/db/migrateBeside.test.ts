import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { migrate } from '../../src/db/migrate.ts'
import { eventually, query, scratchFolder, startScratchServer, type ScratchServer } from './scratchServer.ts'

const steps = [1, 2, 3, 4, 5, 6]
const names = steps.map((step) => `000${step}_step.sql`)
let server: ScratchServer
let folder = ''

/** Migrations of nothing but these texts. */
async function migrations(...texts: string[]): Promise<string> {
  const directory = await mkdtemp(join(folder, 'migrations-'))
  for (const [index, sql] of texts.entries()) await writeFile(join(directory, `000${index + 1}_step.sql`), sql)
  return directory
}

/** A session that reads, and stays in its transaction. */
async function startReader(url: string): Promise<pg.Client> {
  const reader = new pg.Client({ connectionString: url })
  await reader.connect()
  await reader.query('BEGIN; SELECT count(*) FROM thing')
  return reader
}

beforeAll(async () => {
  folder = await scratchFolder()
  server = await startScratchServer()
}, 30_000)

afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true })
})

test('MIG-01! FLT-35 twenty times five at once, and the one that works killed on the way: each step is done once', async () => {
  const directory = await migrations(...steps.map((step) => `CREATE TABLE step_${step} (); SELECT pg_sleep(0.1)`))
  const program = join(import.meta.dirname, 'migrator.ts')
  const round = async (number: number): Promise<void> => {
    const url = await server.createDatabase(`round_${number}`)
    const holder = spawn(process.execPath, [program, url, directory], { stdio: 'ignore' })
    const done = `SELECT name FROM schema_migrations ORDER BY number`
    const progress = () => query(url, done).catch(() => [])
    while ((await progress()).length < 1 + (number % 4)) await sleep(10)
    const others = Promise.all([1, 2, 3, 4].map(() => migrate(url, { directory })))
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    const applied = (await others).filter((each) => each.length > 0)
    expect(applied.length).toBeLessThanOrEqual(1)
    expect((await query(url, done)).map(({ name }) => name)).toEqual(names)
    const tables = `SELECT count(*)::int AS tables FROM pg_tables WHERE tablename LIKE 'step%'`
    expect(await query(url, tables)).toEqual([{ tables: steps.length }])
    // That the holder had done a part, and not all of it, is what the round is about.
    expect(applied[0]?.length ?? 0).toBeGreaterThan(0)
  }
  for (let first = 0; first < 20; first += 4) await Promise.all([0, 1, 2, 3].map((each) => round(first + each)))
}, 60_000)

test('MIG-02! a migration that waits for a lock holds up nobody who reads, and is done when it gets it', async () => {
  const url = await server.createDatabase('waiting')
  const [before, after] = ['CREATE TABLE thing (value text)', 'ALTER TABLE thing ADD COLUMN more text']
  await migrate(url, { directory: await migrations(before) })
  const long = await startReader(url)
  let isDone = false
  const migration = migrate(url, { directory: await migrations(before, after) }).finally(() => (isDone = true))
  const other = new pg.Client({ connectionString: url })
  await other.connect()
  const waiting = `SELECT FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND NOT granted`
  await eventually(async () => expect(await query(url, waiting)).toHaveLength(1))
  // What the application has for a lock is 1.5 s; this is what a reader would still call at once.
  await other.query('SET lock_timeout = 100')
  for (let reads = 0; reads < 300; reads += 1, await sleep(5)) await other.query('SELECT count(*) FROM thing')
  expect(isDone).toBe(false)
  await long.query('COMMIT')
  await Promise.all([long.end(), other.end()])
  expect(await migration).toEqual([names[1]])
}, 30_000)
