import { setTimeout as sleep } from 'node:timers/promises'
import { get, post, type Answer } from './client.ts'
import { percentile } from './closedLoop.ts'
import { bothCores } from './cores.ts'
import { warmUpReads } from './load.ts'
import { randomPersonId, randomUsername } from './people.ts'
import type { ServerProcess } from './serverProcess.ts'
import { signIn, startService } from './servers.ts'
import type { Outcome, Stage } from './stage.ts'
import { table } from './table.ts'

const loginsAtOnce = 300
const waves = 8
/** Milliseconds between two waves: what a refused login is told to wait. */
const pause = 2000
/** Milliseconds between two reads: 50 a second, sent whether or not those before were answered. */
const readEvery = 20
const limits = { readMilliseconds: 100, mebibytes: 400 }

interface Timed extends Answer {
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
  const refused = logins.filter(({ status, headers }) => status === 503 && headers['retry-after'])
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
  const logins: Promise<Timed>[] = []
  for (let wave = 0; wave < waves; wave += 1) {
    for (let client = 0; client < loginsAtOnce; client += 1) {
      const headers = { 'X-Forwarded-For': `10.${wave}.${Math.floor(client / 250)}.${client % 250}` }
      logins.push(timed(post(`${base}/v1/auth/login`, { username: randomUsername(), password }, headers)))
    }
    await sleep(pause)
  }
  return Promise.all(logins)
}

/** A broken connection counts as an answer, of no status. */
async function timed(answer: Promise<Answer>): Promise<Timed> {
  const before = performance.now()
  const answered = await answer.catch(() => ({ status: 0, headers: {}, text: '' }))
  return { ...answered, milliseconds: performance.now() - before }
}

function milliseconds(answers: Timed[]): number[] {
  return answers.map((answer) => answer.milliseconds)
}

function quantiles(answers: Timed[]): string {
  return [0.5, 0.95].map((share) => percentile(milliseconds(answers), share).toFixed(0)).join(' / ')
}
