import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'

/** A Redis for one test file: one that it starts, or the one of REDIS_URL, which can be emptied but not broken. */
export interface TestRedis {
  url: string
  /** For looking behind the curtain. */
  client: Redis
  freeze(): void
  thaw(): void
  kill(): Promise<void>
  /** Starts it again, empty, at the same address. */
  restart(): Promise<void>
  stop(): Promise<void>
}

const program = (process.env.PATH ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'redis-server'))
  .find(isExecutable)
const given = process.env.REDIS_URL

if (program === undefined) {
  const left = given === undefined ? 'every test that needs Redis' : 'the tests that freeze, kill or fill Redis'
  process.stderr.write(`SKIPPED for want of a redis-server on the PATH: ${left}.\n`)
}

/** For tests that need Redis. */
export const describeWithRedis = program !== undefined || given !== undefined ? describe : describe['skip']
/** For tests that break it. */
export const describeWithOwnRedis = program !== undefined ? describe : describe['skip']

/** A test that fails before it stops its server must not leave it behind. */
const started: ChildProcess[] = []

export async function startRedis(): Promise<TestRedis> {
  if (program === undefined && given === undefined) throw new Error('no Redis')
  const port = await freePort()
  const url = program === undefined ? given! : `redis://127.0.0.1:${port}`
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => 50, maxRetriesPerRequest: null })
  client.on('error', () => undefined)
  let server = program === undefined ? undefined : run(program, port)
  await client.connect().catch(() => undefined) // It goes on trying.
  await client.flushdb()

  async function kill(): Promise<void> {
    if (server?.exitCode !== null || server.signalCode !== null) return
    server.kill('SIGKILL')
    await once(server, 'exit')
  }

  return {
    url,
    client,
    freeze: () => void server!.kill('SIGSTOP'),
    thaw: () => void server!.kill('SIGCONT'),
    kill,
    async restart() {
      server = run(program!, port)
      await client.ping()
    },
    async stop() {
      client.disconnect()
      await kill()
    },
  }
}

/** Waits for something that happens in the background, for half a minute at most. */
export async function until(happened: () => boolean | Promise<boolean>): Promise<void> {
  for (let round = 0; round < 600; round += 1) {
    if (await happened()) return
    await sleep(50)
  }
  throw new Error('it did not happen')
}

function run(path: string, port: number): ChildProcess {
  const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const server = spawn(path, options, { stdio: 'ignore' })
  if (started.length === 0) process.once('exit', () => started.forEach((each) => each.kill('SIGKILL')))
  started.push(server)
  return server
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
