import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { startEmbeddedPostgres } from '../src/db/embedded.ts'
import { connect } from '../src/db/database.ts'
import { watch } from '../test/support/explain.ts'
import { parts, type Case, type Part } from './scaleCases.ts'
import { measureHttp } from './scaleHttp.ts'
import { seedPeople } from './scalePeople.ts'
import { explain, measure, samplePeople, type Crowd, type Times } from './scaleTimes.ts'
import { measureWrites } from './scaleWrites.ts'
import { table, writeInto } from './table.ts'

/** As one sets them for a table of some gigabytes on a machine of 16 GiB or more. */
const settings = { shared_buffers: '4GB', work_mem: '16MB', max_wal_size: '8GB', checkpoint_timeout: '30min' }
const compared = 100_000
const mostP95 = 50

/** `npm run bench:scale -- --users 100000,1000000,10000000 --data FOLDER --write`; the databases are kept in the folder. */
const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '1000,100000,1000000' },
    data: { type: 'string', default: join(tmpdir(), 'user-management-scale') },
    requests: { type: 'string', default: '100' },
    only: { type: 'string', default: [...parts.map(({ name }) => name), 'scale-http', 'scale-writes'].join() },
    write: { type: 'boolean', default: false },
  },
})
const chosen = values.only.split(',')
const counts = values.users.split(',').map(Number)
await mkdir(values.data, { recursive: true, mode: 0o711 })
await using cleanUp = new AsyncDisposableStack()
const postgres = await startEmbeddedPostgres(values.data, settings)
cleanUp.defer(() => postgres.stop())

const crowds: Crowd[] = []
const urls: string[] = []
for (const count of counts) {
  const url = await openDatabase(`users_${count}`)
  await seedPeople(url, count)
  const { db } = connect(url, { applicationName: 'bench', poolSize: 1 })
  cleanUp.defer(() => db.destroy())
  const watched = cleanUp.use(watch(url))
  crowds.push({ count, db, watched, people: await samplePeople(url, count) })
  urls.push(url)
}

for (const part of parts.filter(({ name }) => chosen.includes(name))) publish(part.name, await runPart(part))
const largest = urls.at(-1)
if (largest && chosen.includes('scale-http'))
  publish('scale-http', await measureHttp(largest, values.data, Number(values.requests)))
if (chosen.includes('scale-writes')) publish('scale-writes', await measureWrites(urls, counts))

async function runPart({ name, cases, mostRatio }: Part): Promise<string> {
  const rows: string[][] = []
  for (const each of cases) rows.push(await runCase(each, mostRatio))
  const limit = mostRatio === Infinity ? '' : ` (limit ${mostRatio})`
  const head = [
    ...[name.replace('scale-', '')],
    ...counts.map((count) => `${count.toLocaleString('en')}: p50 / p95 ms`),
    ...[`ratio${limit}`, 'rows read', 'sequential scan'],
  ]
  return table(head, ...rows)
}

async function runCase(each: Case, mostRatio: number): Promise<string[]> {
  const times: Times[] = []
  for (const crowd of crowds) times.push(await measure(crowd, each, Number(values.requests)))
  const crowd = crowds.at(-1)
  const plans = crowd ? await explain(crowd, each) : []
  const read = plans.reduce((sum, { rowsRead }) => sum + rowsRead, 0)
  const isSequential = plans.some((plan) => plan.isSequential)
  const few = times[counts.indexOf(compared)]
  const ratio = (times.at(-1)?.p50 ?? NaN) / (few?.p50 ?? NaN)
  const isSlow = (ratio > mostRatio && !each.hasMoreAnswers) || times.some(({ p95 }) => p95 > mostP95)
  if (!each.isCount && (isSlow || isSequential || read > (each.mostRows ?? Infinity))) {
    console.error(`${each.name}: beyond a limit`)
    process.exitCode = 1
  }
  const row = [
    ...[each.name],
    ...times.map(({ p50, p95 }) => `${p50.toFixed(1)} / ${p95.toFixed(1)}`),
    ...[ratio.toFixed(2), String(read), isSequential ? 'yes' : 'no'],
  ]
  console.log(row.join(' | '))
  return row
}

function publish(name: string, text: string): void {
  console.log(`\n${text}\n`)
  if (values.write) writeInto(new URL('../docs/benchmarks.md', import.meta.url), name, text)
}

async function openDatabase(name: string): Promise<string> {
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name])
  if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`)
  await client.end()
  const url = new URL(postgres.url)
  url.pathname = name
  return url.href
}
