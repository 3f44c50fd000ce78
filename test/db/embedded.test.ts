import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/db/embedded.ts'
import { StartupError } from '../../src/startupError.ts'
import { eventually, query, scratchFolder } from './scratchServer.ts'

interface Answer {
  url?: string
  name?: string
  message?: string
}

const holder = join(import.meta.dirname, 'holder.ts')
const children: ChildProcess[] = []
const servers: EmbeddedPostgres[] = []
let folder = ''
let dataDir = ''

async function start(path: string): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres(path)
  servers.push(server)
  return server
}

async function hold(env: NodeJS.ProcessEnv = process.env): Promise<{ child: ChildProcess; answer: Answer }> {
  const child = spawn(process.execPath, [holder, dataDir], { stdio: ['ignore', 'pipe', 'inherit'], env })
  children.push(child)
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, answer: JSON.parse(line.toString()) as Answer }
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

/** A folder with a `setpriv` that lets PostgreSQL outlive us, as it does where there is none. */
async function withoutDeathSignal(): Promise<string> {
  const path = join(folder, 'bin')
  await mkdir(path, { recursive: true })
  const script = [
    '#!/bin/bash',
    'PATH=${PATH#*:}',
    'kept=()',
    'while (($#)); do',
    '  if [ "$1" = --pdeathsig ]; then shift 2; else kept+=("$1"); shift; fi',
    'done',
    'exec setpriv "${kept[@]}"',
  ]
  await writeFile(join(path, 'setpriv'), `${script.join('\n')}\n`, { mode: 0o755 })
  return path
}

const postmaster = async (): Promise<number> =>
  Number((await readFile(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8')).split('\n')[0])

beforeAll(async () => {
  folder = await scratchFolder()
  dataDir = join(folder, 'data')
})

afterAll(async () => {
  // Also what a failed test left running.
  for (const child of children) child.kill('SIGKILL')
  await Promise.all(servers.map((server) => server.stop()))
  await rm(folder, { recursive: true })
})

test('of several first starts at once, one wins and the rest are told so', async () => {
  const started = await Promise.all([hold(), hold(), hold()])
  const winners = started.filter(({ answer }) => answer.url)
  const losers = started.filter(({ answer }) => !answer.url)
  expect(winners).toHaveLength(1)
  expect(losers.map(({ answer }) => answer.name)).toEqual(['StartupError', 'StartupError'])
  expect(losers[0]?.answer.message).toMatch(/^Another running server already uses the DATA_DIR .*\.$/)
  expect(await readdir(dataDir)).toEqual(['postgres'])
  await query(winners[0]!.answer.url!, 'CREATE TABLE kept (value text)', `INSERT INTO kept VALUES ('one')`)
  await kill(winners[0]!.child)
}, 30_000)

test('the data outlive kill -9 of the process', async () => {
  const { child, answer } = await hold()
  await query(answer.url!, `INSERT INTO kept VALUES ('two')`)
  await kill(child)
  const server = await start(dataDir)
  expect(await query(server.url, 'SELECT value FROM kept ORDER BY value')).toEqual([{ value: 'one' }, { value: 'two' }])
  await server.stop()
}, 30_000)

test('what a first start left that was killed is removed by a later one, and what is being made is not', async () => {
  const names = ['postgres.new-killed', 'postgres.new-under-way']
  for (const name of names) await mkdir(join(dataDir, name))
  const longAgo = new Date(Date.now() - 11 * 60_000)
  await utimes(join(dataDir, names[0]!), longAgo, longAgo)
  const { child } = await hold()
  await kill(child)
  const left = (await readdir(dataDir)).filter((name) => name.startsWith('postgres.new-'))
  expect(left).toEqual([names[1]])
})

test('a PostgreSQL that outlived its owner is taken over', async () => {
  const { child } = await hold({ ...process.env, PATH: `${await withoutDeathSignal()}:${process.env.PATH}` })
  await kill(child)
  const orphan = await postmaster()
  expect(process.kill(orphan, 0)).toBe(true)
  const server = await start(dataDir)
  expect(await postmaster()).not.toBe(orphan)
  expect(await query(server.url, 'SELECT count(*) FROM kept')).toEqual([{ count: '2' }])
  await server.stop()
}, 30_000)

test('a lock file that names some other process does not block', async () => {
  await writeFile(join(dataDir, 'postgres', 'data', 'postmaster.pid'), `${process.pid}\n/elsewhere\n0\n1\n\n\n`)
  await mkdir(join(dataDir, 'postgres.new-halfmade', 'data'), { recursive: true })
  const server = await start(dataDir)
  expect(await query(server.url, 'SELECT count(*) FROM kept')).toEqual([{ count: '2' }])
  await Promise.all([server.stop(), server.stop()])
  await server.stop()
  await expect(stat(join(dataDir, 'postgres', 'data', 'postmaster.pid'))).rejects.toThrow('ENOENT')
}, 30_000)

test('the owner keeps its claim when the claiming connection is cut, and PostgreSQL when it is killed', async () => {
  const server = await start(dataDir)
  await query(server.url, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()')
  const rival = await hold()
  expect(rival.answer.message).toMatch(/^Another running server/)
  process.kill(await postmaster(), 'SIGKILL')
  expect(await eventually(() => query(server.url, 'SELECT count(*) FROM kept'))).toEqual([{ count: '2' }])
  await server.stop()
}, 30_000)

test('servers with different folders run side by side, durable and on 127.0.0.1 alone', async () => {
  const [one, other] = await Promise.all([start(dataDir), start(join(folder, 'second one'))])
  const settings = `SELECT name, setting FROM pg_settings
    WHERE name IN ('fsync', 'data_checksums', 'listen_addresses', 'server_encoding', 'TimeZone') ORDER BY name`
  for (const { url } of [one, other]) {
    expect((await query(url, settings)).map(({ setting }) => setting)).toEqual(['UTC', 'on', 'on', '127.0.0.1', 'UTF8'])
  }
  expect((await stat(join(dataDir, 'postgres', 'password'))).mode & 0o777).toBe(0o600)
  await Promise.all([one.stop(), other.stop()])
}, 30_000)

test('a folder that cannot be written is one sentence', async () => {
  await writeFile(join(folder, 'file'), '')
  const start = startEmbeddedPostgres(join(folder, 'file', 'data'))
  await expect(start).rejects.toThrow(StartupError)
  await expect(start).rejects.toThrow(/^The DATA_DIR .* cannot be written: .*\.$/)
})

test('a broken cluster is one sentence', async () => {
  await rm(join(dataDir, 'postgres', 'data', 'global', 'pg_control'))
  await expect(startEmbeddedPostgres(dataDir)).rejects.toThrow(/^PostgreSQL could not be started \(.*\); see .*\.$/)
}, 30_000)
