import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startEmbeddedPostgres } from '../src/db/embedded.ts'
import { measureColdStarts } from './coldStart.ts'
import { canPin, leaveServerCore } from './cores.ts'
import { loadGenerator, measure, warmUp, type Round } from './load.ts'
import { addPeople, peopleCount } from './people.ts'
import { describe, limits, ratiosOf, writeInto } from './report.ts'
import type { ServerProcess } from './serverProcess.ts'
import { signIn, startBaseline, startService } from './servers.ts'
import { spreadOf } from './statistics.ts'

/** `npm run bench -- --rounds 10 --seconds 3 --write`; the last one puts the tables into docs/benchmarks.md. */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '3' },
    write: { type: 'boolean', default: false },
  },
})
const seconds = Number(values.seconds)

if (process.platform !== 'linux') throw new Error('The CPU time of another process is read from /proc: Linux only.')
leaveServerCore()
await using opened = new AsyncDisposableStack()
const folder = await mkdtemp(join(tmpdir(), 'user-management-bench-'))
opened.defer(() => rm(folder, { recursive: true, force: true }))

const starts = await measureColdStarts(folder, 3)

const postgres = await startEmbeddedPostgres(join(folder, 'shared'))
opened.defer(() => postgres.stop())
const setup = { folder, databaseUrl: postgres.url, secret: randomBytes(48).toString('base64') }
const service = await keep(startService(setup))
await addPeople(postgres.url)
const baseline = await keep(startBaseline(setup))
const token = await signIn(service)

console.log(`${peopleCount} people, load from ${loadGenerator}, ${canPin ? 'one core each' : 'cores not bound'}`)
for (const server of [service, baseline]) await warmUp(server, token)
const rounds: Record<'service' | 'baseline', Round[]> = { service: [], baseline: [] }
for (let round = 1; round <= Number(values.rounds); round += 1) {
  rounds.service.push(await measure(service, token, seconds))
  rounds.baseline.push(await measure(baseline, token, seconds))
  const [ours, theirs] = [rounds.service.at(-1), rounds.baseline.at(-1)]
  console.log(`round ${round}: ${ours?.cpuPerRequest.toFixed(3)} against ${theirs?.cpuPerRequest.toFixed(3)} ms`)
}

const ours = { name: 'the service', rounds: rounds.service, memory: service.residentMemory() }
const theirs = { name: 'Express 5 + pg + jose by hand', rounds: rounds.baseline, memory: baseline.residentMemory() }
const tables = describe(ours, theirs, starts)
console.log(`\n${tables}`)
if (values.write) writeInto(new URL('../docs/benchmarks.md', import.meta.url), tables)

const isWithin =
  spreadOf(ratiosOf(ours, theirs)).median <= limits.ratio &&
  spreadOf(starts.fresh).median <= limits.freshSeconds &&
  spreadOf(starts.existing).median <= limits.existingSeconds
if (!isWithin) process.exitCode = 1

async function keep(starting: Promise<ServerProcess>): Promise<ServerProcess> {
  const server = await starting
  opened.defer(() => server.stop())
  return server
}
