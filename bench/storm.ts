import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { get, type Answer } from './client.ts'
import { percentile } from './closedLoop.ts'
import { bothCores } from './cores.ts'
import { warmUpReads } from './load.ts'
import { randomPersonId } from './people.ts'
import type { ServerProcess } from './serverProcess.ts'
import { signIn, startService } from './servers.ts'
import type { Outcome, Stage } from './stage.ts'
import { table } from './table.ts'

const execFileAsync = promisify(execFile)
const loginsAtOnce = 300
const waves = 8
/** Milliseconds between two waves: what a refused login is told to wait. */
const pause = 2000
/** Milliseconds between two reads: 50 a second, sent whether or not those before were answered. */
const readEvery = 20
const limits = { readMilliseconds: 100, mebibytes: 400 }

/** What `stormClient.ts` prints of each login. */
interface Timed {
  status: number
  retryAfter?: string
  milliseconds: number
}

/** Waves of logins, each from an address of its own, on a service with all defaults, while somebody goes on reading. */
export async function runStorm(stage: Stage): Promise<Outcome> {
  const env = { TRUST_PROXY: '1', RATE_LIMIT_AUTH_PER_MINUTE: '5' }
  const service = await stage.keep(startService(stage.setup, { cores: bothCores, env }))
  const token = await signIn(service)
  await warmUpReads(service, token)
  const readOne = reader(service, token)
  const calm = await readFor(pause * 2, readOne)
  const storm = sendWaves(service, stage.credentials.password)
  const reads = await readFor(pause * waves, readOne)
  const logins = await storm
  const { peak } = service.memory()

  const good = logins.filter(({ status }) => status === 200)
  const refused = logins.filter(({ status, retryAfter }) => status === 503 && retryAfter)
  const p95 = percentile(milliseconds(reads), 0.95)
  const others = [...reads.filter(({ status }) => status !== 200), ...logins].length - good.length - refused.length
  return {
    table: table(
      [`${waves} waves of ${loginsAtOnce} logins, ${1000 / readEvery} reads/s`, 'measured', 'limit'],
      ['reads before, p50 / p95 ms', quantiles(calm), ''],
      ['reads meanwhile, p50 / p95 ms', quantiles(reads), `– / ${limits.readMilliseconds}`],
      ['logins answered 200, p50 / p95 ms', `${good.length}: ${quantiles(good)}`, 'some'],
      ['logins answered 503 with `Retry-After`, p50 / p95 ms', `${refused.length}: ${quantiles(refused)}`, 'some'],
      ['any other answer', String(others), '0'],
      ['memory at the most, MiB', peak.toFixed(0), String(limits.mebibytes)],
    ),
    isWithinLimits:
      p95 < limits.readMilliseconds && peak < limits.mebibytes && good.length > 0 && refused.length > 0 && others === 0,
  }
}

function reader({ base }: ServerProcess, token: string): () => Promise<Timed> {
  return () => timed(get(`${base}/v1/users/${randomPersonId()}`, { Authorization: `Bearer ${token}` }))
}

async function readFor(duration: number, readOne: () => Promise<Timed>): Promise<Timed[]> {
  const start = performance.now()
  const reads: Promise<Timed>[] = []
  while (reads.length * readEvery < duration) {
    reads.push(readOne())
    await sleep(Math.max(0, start + reads.length * readEvery - performance.now()))
  }
  return Promise.all(reads)
}

async function sendWaves({ base }: ServerProcess, password: string): Promise<Timed[]> {
  const settings = { WAVES: String(waves), LOGINS: String(loginsAtOnce), PAUSE: String(pause) }
  const { stdout } = await execFileAsync(
    process.execPath,
    [fileURLToPath(new URL('stormClient.ts', import.meta.url))],
    { env: { ...process.env, BASE: base, PASSWORD: password, ...settings }, maxBuffer: 2 ** 24 },
  )
  return JSON.parse(stdout) as Timed[]
}

async function timed(answer: Promise<Answer>): Promise<Timed> {
  const before = performance.now()
  const { status } = await answer
  return { status, milliseconds: performance.now() - before }
}

function quantiles(answers: Timed[]): string {
  return [0.5, 0.95].map((share) => percentile(milliseconds(answers), share).toFixed(0)).join(' / ')
}

function milliseconds(answers: Timed[]): number[] {
  return answers.map((answer) => answer.milliseconds)
}
