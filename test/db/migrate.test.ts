import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import pg from 'pg'
import { connect } from '../../src/db/database.ts'
import { isUnavailable } from '../../src/db/errors.ts'
import { migrate, pendingMigrations } from '../../src/db/migrate.ts'
import { migrationNames, migrationsDirectory } from '../../src/db/migrationFiles.ts'
import { dumpSchema } from '../../src/db/schemaDump.ts'
import { StartupError } from '../../src/startupError.ts'
import { changed, eventually, query, scratchFolder, startScratchServer, type ScratchServer } from './scratchServer.ts'

const history = 'SELECT name FROM schema_migrations ORDER BY number'
let server: ScratchServer
let folder = ''
let names: string[] = []

function startMigrator(url: string, directory?: string): ChildProcess & { output: Promise<string> } {
  const parameters = [join(import.meta.dirname, 'migrator.ts'), url, ...(directory ? [directory] : [])]
  const child = spawn(process.execPath, parameters, { stdio: ['ignore', 'pipe', 'inherit'] })
  return Object.assign(child, { output: text(child.stdout) })
}

/** The real migrations and more, in a folder of their own. */
async function migrationsWith(more: Record<string, string>): Promise<string> {
  const directory = await mkdtemp(join(folder, 'migrations-'))
  await cp(migrationsDirectory, directory, { recursive: true })
  for (const [name, sql] of Object.entries(more)) await writeFile(join(directory, name), sql)
  return directory
}

beforeAll(async () => {
  folder = await scratchFolder()
  names = await migrationNames(migrationsDirectory)
  server = await startScratchServer()
}, 30_000)

afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true })
})

test('an owner of its database with CREATEROLE suffices, on several databases of a new server at once', async () => {
  await query(server.url, `CREATE ROLE plain LOGIN CREATEROLE PASSWORD 'secret'`)
  const urls: string[] = []
  for (const name of ['plain_1', 'plain_2', 'plain_3']) urls.push(await server.createDatabase(name, 'plain'))
  expect(await Promise.all(urls.map((url) => migrate(url)))).toEqual([names, names, names])
  const owners = `SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'`
  expect(await query(urls[0]!, owners)).toEqual([{ tableowner: 'user_management_owner' }])
}, 30_000)

test('whoever may not prepare the database is told what to grant', async () => {
  await query(server.url, `CREATE ROLE bare LOGIN PASSWORD 'secret'`)
  await server.createDatabase('bare_1')
  const attempt = migrate(changed(server.url, 'bare_1', 'bare'))
  await expect(attempt).rejects.toThrow(StartupError)
  await expect(attempt).rejects.toThrow('GRANT user_management_owner TO "bare"; GRANT user_management_app TO "bare"')
})

test('a member of the application role may start on a database that is up to date', async () => {
  const url = await server.createDatabase('member_1')
  await migrate(url)
  await query(url, `CREATE ROLE member LOGIN PASSWORD 'secret' IN ROLE user_management_app`)
  expect(await migrate(changed(url, 'member_1', 'member'))).toEqual([])
  const { db } = connect(changed(url, 'member_1', 'member'), { applicationName: 'test', poolSize: 1 })
  expect(await pendingMigrations(db)).toEqual([])
  expect(await pendingMigrations(db, await migrationsWith({ '9000_more.sql': '' }))).toEqual(['9000_more.sql'])
  await db.destroy()
})

test('a database that refuses is one sentence', async () => {
  await expect(migrate(changed(server.url, 'nowhere'))).rejects.toThrow(
    /^The database refused: database \"nowhere\" does not exist\.$/,
  )
})

test('MIG-01! FLT-35 five processes at once migrate exactly once', async () => {
  const url = await server.createDatabase('five')
  const outputs = await Promise.all(Array.from({ length: 5 }, () => startMigrator(url).output))
  const applied = outputs.map((output) => JSON.parse(output) as string[]).sort((a, b) => b.length - a.length)
  expect(applied).toEqual([names, [], [], [], []])
  expect((await query(url, history)).map(({ name }) => name)).toEqual(names)
}, 30_000)

test('MIG-01! a migrator killed on the way leaves the work to the next', async () => {
  const url = await server.createDatabase('killed')
  const directory = await migrationsWith({ '9000_slow.sql': 'CREATE TABLE slow (); SELECT pg_sleep(60)' })
  const first = startMigrator(url, directory)
  await eventually(async () => expect(await query(url, history)).toHaveLength(names.length))
  first.kill('SIGKILL')
  await once(first, 'exit')
  await writeFile(join(directory, '9000_slow.sql'), 'CREATE TABLE slow ()')
  expect(await migrate(url, { directory })).toEqual(['9000_slow.sql'])
}, 30_000)

test('MIG-01! waiting for another migrator has an end', async () => {
  const url = await server.createDatabase('busy')
  const directory = await migrationsWith({ '9000_slow.sql': 'SELECT pg_sleep(60)' })
  const first = startMigrator(url, directory)
  await eventually(async () => expect(await query(url, history)).toHaveLength(names.length))
  const attempt = migrate(url, { directory, patience: 200 })
  await expect(attempt).rejects.toThrow('Another instance has been migrating the database')
  first.kill('SIGKILL')
}, 30_000)

test('MIG-06 a history that does not fit is refused', async () => {
  const url = await server.createDatabase('history')
  const directory = await migrationsWith({ '9000_one.sql': 'SELECT 1', '9001_two.sql': 'SELECT 1' })
  await migrate(url, { directory })
  await writeFile(join(directory, '9000_one.sql'), 'SELECT 2')
  await expect(migrate(url, { directory })).rejects.toThrow('The migration 9000_one.sql was edited')
  await rm(join(directory, '9000_one.sql'))
  await expect(migrate(url, { directory })).rejects.toThrow('9000_one.sql was applied to the database but is missing')
  await expect(migrate(url)).rejects.toThrow('The database is newer than this release')
})

test('MIG-06 line ends of a checkout are no edit', async () => {
  const url = await server.createDatabase('line_ends')
  const directory = await migrationsWith({ '9000_one.sql': 'SELECT 1;\nSELECT 2;\n' })
  await migrate(url, { directory })
  await writeFile(join(directory, '9000_one.sql'), 'SELECT 1;\r\nSELECT 2;\r\n')
  expect(await migrate(url, { directory })).toEqual([])
})

test('MIG-05 a migration that fails leaves nothing behind', async () => {
  const url = await server.createDatabase('failing')
  const directory = await migrationsWith({ '9000_bad.sql': 'CREATE TABLE half (); SELECT 1/0' })
  await expect(migrate(url, { directory })).rejects.toThrow('The migration 9000_bad.sql failed: division by zero.')
  expect((await query(url, history)).map(({ name }) => name)).toEqual(names)
  expect(await query(url, `SELECT to_regclass('half') AS half`)).toEqual([{ half: null }])
})

test('OPS-08! FLT-02 a server that is shut down meanwhile is one to wait for, and nothing is left of the migration', async () => {
  const url = await server.createDatabase('shut_down')
  const sql = 'CREATE TABLE half (); RESET ROLE; SELECT pg_terminate_backend(pg_backend_pid())'
  const directory = await migrationsWith({ '9000_interrupted.sql': sql })
  const failure: unknown = await migrate(url, { directory }).catch((error: unknown) => error)
  expect([failure instanceof StartupError, isUnavailable(failure)]).toEqual([false, true])
  expect(await query(url, `SELECT to_regclass('half') AS half`)).toEqual([{ half: null }])
})

test('MIG-04 an index is built outside a transaction, after what an earlier try left invalid', async () => {
  const url = await server.createDatabase('concurrent_index')
  const sql = '-- no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY thing_unique ON thing (value)'
  const first = await migrationsWith({
    '9000_thing.sql': 'CREATE TABLE thing (value int); INSERT INTO thing VALUES (1), (1)',
    '9001_index.sql': sql,
  })
  await expect(migrate(url, { directory: first })).rejects.toThrow(
    '9001_index.sql failed: could not create unique index',
  )
  await query(url, 'TRUNCATE thing')
  expect(await migrate(url, { directory: first })).toEqual(['9001_index.sql'])
  expect(await query(url, 'SELECT FROM pg_index WHERE NOT indisvalid')).toEqual([])
})

test('schema.sql is what the migrations add up to (node src/commands/schema.ts writes it)', async () => {
  const url = await server.createDatabase('dump')
  await migrate(url)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const schema = await dumpSchema(client)
  await client.end()
  expect(schema).toBe(await readFile(join(migrationsDirectory, 'schema.sql'), 'utf8'))
})
