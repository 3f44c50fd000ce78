// `npm run rolling-restart -- --seconds 180`: two instances behind nginx, 500 requests a second on kept connections (each
// fifth a POST, which nginx never sends twice) and 1,000 writes in three minutes, while the instances are restarted by
// turns every ten seconds. Fails if a single request does, or a write is not there exactly once. Needs nginx and
// redis-server on the PATH.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { startEmbeddedPostgres } from '../../src/db/embedded.ts'
import { freePort } from '../../src/db/embeddedPostmaster.ts'
import { Instance } from './instance.ts'
import { keepSending, send, type Answer, type Call } from './load.ts'
import { startProxy } from './proxy.ts'

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '180' }, pause: { type: 'string', default: '10' } },
})
const seconds = Number(values.seconds)
const pause = Number(values.pause)
const requestsPerSecond = 500
const writesPerSecond = 1000 / 175
const password = randomBytes(15).toString('base64url')

const folder = mkdtempSync(join(tmpdir(), 'user-management-rolling-'))
chmodSync(folder, 0o711)
const postgres = await startEmbeddedPostgres(folder)
const redisPort = await freePort()
const words = ['--port', `${redisPort}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
const redis = spawn('redis-server', words, { stdio: 'ignore' })
const running: { kill(): void }[] = [redis]
// A run that fails leaves nothing running.
process.once('exit', () => running.forEach((each) => each.kill()))
const env = {
  ENVIRONMENT: 'production',
  HOST: '127.0.0.1',
  TRUST_PROXY: '1',
  DATABASE_URL: postgres.url,
  REDIS_URL: `redis://127.0.0.1:${redisPort}`,
  JWT_SECRET: randomBytes(48).toString('base64'),
  ADMIN_PASSWORD: password,
  RATE_LIMIT_AUTH_PER_MINUTE: '0',
  RATE_LIMIT_READS_PER_HOUR: '0',
  RATE_LIMIT_WRITES_PER_HOUR: '0',
  LOG_LEVEL: 'warn',
}
const instances: Instance[] = []
for (const name of ['a', 'b']) {
  const own = { ...env, METRICS_PORT: String(await freePort()) }
  instances.push(new Instance(await freePort(), own, join(folder, `${name}.log`)))
}
running.push(...instances)
await Promise.all(instances.map((instance) => instance.start()))
const port = await freePort()
const proxy = await startProxy(
  folder,
  port,
  instances.map((instance) => instance.port),
)
running.push(proxy)

const json = { 'content-type': 'application/json' }
const login = await send(port, {
  method: 'POST',
  path: '/v1/auth/login',
  headers: json,
  body: JSON.stringify({ identifier: 'admin', password }),
})
const headers = { authorization: `Bearer ${(JSON.parse(login.body) as { access_token: string }).access_token}` }

const failures: string[] = []
const times: number[] = []
const written = new Map<string, string>()
const note = (what: string, { status, body }: Answer) => failures.push(`${what}: ${status} ${body.slice(0, 200)}`)

interface Expected {
  call: Call
  status: number
}
const read: Expected = { call: { path: '/v1/auth/me', headers }, status: 200 }
const nobodysToken = JSON.stringify({ refresh_token: 'n'.repeat(43) })
const refusal: Expected = {
  call: { method: 'POST', path: '/v1/auth/refresh', headers: json, body: nobodysToken },
  status: 401,
}

async function ask(index: number): Promise<void> {
  const { call, status } = index % 5 === 0 ? refusal : read
  const answer = await send(port, call)
  if (answer.status !== status) note(`${call.method ?? 'GET'} ${call.path}`, answer)
  times.push(answer.milliseconds)
}

async function write(index: number): Promise<void> {
  const username = `rolling-${index}`
  const body = JSON.stringify({ username, email: `${username}@example.com`, password: 'seven quiet bicycles' })
  const answer = await send(port, { method: 'POST', path: '/v1/users', headers: { ...headers, ...json }, body })
  if (answer.status === 201) written.set((JSON.parse(answer.body) as { id: string }).id, username)
  else note('POST /v1/users', answer)
}

async function restartByTurns(signal: AbortSignal): Promise<number> {
  for (let turn = 0; ; turn += 1) {
    const next = sleep(pause * 1000)
    const instance = instances[turn % 2]!
    const stopped = await instance.stop()
    const started = await instance.start()
    const name = 'AB'[turn % 2]
    console.log(
      `  ${name} stopped in ${(stopped / 1000).toFixed(1)} s, ready again in ${(started / 1000).toFixed(1)} s; ${failures.length} failures so far`,
    )
    await next
    if (signal.aborted) return turn + 1
  }
}

const signal = AbortSignal.timeout(seconds * 1000)
const [requests, writes, restarts] = await Promise.all([
  keepSending(requestsPerSecond, signal, ask),
  keepSending(writesPerSecond, signal, write),
  restartByTurns(signal),
])

const client = new pg.Client({ connectionString: postgres.url })
await client.connect()
const { rows } = await client.query<{ id: string; username: string }>(
  "SELECT id, username FROM users WHERE username LIKE 'rolling-%'",
)
const audited = await client.query<{ count: string }>(
  "SELECT count(*) FROM audit_events WHERE action = 'user.created' AND subject_id = ANY($1)",
  [[...written.keys()]],
)
await client.end()
const stored = new Map(rows.map(({ id, username }) => [id, username]))
const lost = [...written].filter(([id, username]) => stored.get(id) !== username)
const unanswered = rows.filter(({ id }) => !written.has(id))

times.sort((one, other) => one - other)
const percentile = (share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(0)
console.log(
  `${restarts} restarts in ${seconds} s; ${requests} requests (${(requests / seconds).toFixed(0)} a second), ${writes} writes`,
)
console.log(
  `failed: ${failures.length}; lost: ${lost.length}; there without an answer: ${unanswered.length}; audited: ${audited.rows[0]?.count}`,
)
console.log(
  `milliseconds for a request: p50 ${percentile(0.5)}, p95 ${percentile(0.95)}, p99 ${percentile(0.99)}, longest ${times.at(-1)?.toFixed(0)}`,
)
for (const failure of failures.slice(0, 20)) console.error(`  ${failure}`)

await Promise.all(instances.map((instance) => instance.stop()))
for (const each of [proxy, redis]) each.kill()
await postgres.stop()
const isGood = failures.length + lost.length + unanswered.length === 0 && Number(audited.rows[0]?.count) === writes
if (isGood) rmSync(folder, { recursive: true, force: true })
else console.error(`The logs are in ${folder}.`)
process.exit(isGood ? 0 : 1)
