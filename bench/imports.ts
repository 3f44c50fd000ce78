import { setTimeout as sleep } from 'node:timers/promises'
import { addDatabase } from './addDatabase.ts'
import { get } from './client.ts'
import { percentile } from './closedLoop.ts'
import { bothCores } from './cores.ts'
import { linesOf, makeHash, upload } from './importFile.ts'
import { addPeople, randomPersonId } from './people.ts'
import { signIn, startService } from './servers.ts'
import type { ServerProcess } from './serverProcess.ts'
import type { Outcome, Stage } from './stage.ts'
import { table } from './table.ts'

const limits = { rowsPerSecond: 5000, readMilliseconds: 100, memoryMebibytes: 50 }
/** Fewer rows are over before their time means anything. */
const leastRows = 100_000
const readInterval = 50 // milliseconds

interface Import {
  rows: number
  seconds: number
  /** Milliseconds that 95 of 100 reads beside it took at most. */
  read95: number
  /** MiB. */
  peak: number
}

export async function runImports(stage: Stage): Promise<Outcome> {
  const sizes = [1000, 100_000, ...(stage.withMillion ? [1_000_000] : [])]
  const hash = await makeHash()
  const imports: Import[] = []
  for (const rows of sizes) {
    // A process and a database for each: memory is counted from the start, and no other service takes the import up.
    const setup = await addDatabase(stage.setup)
    const service = await startService(setup, { cores: bothCores })
    await addPeople(setup.databaseUrl)
    imports.push(await measureImport(service, rows, hash).finally(() => service.stop()))
  }
  const peaks = imports.map(({ peak }) => peak)
  const lines = imports.map(({ rows, seconds, read95, peak }) => [
    rows.toLocaleString('en'),
    Math.round(rows / seconds).toLocaleString('en'),
    read95.toFixed(1),
    peak.toFixed(0),
  ])
  return {
    table: table(['rows', 'rows/s', 'read p95 (ms)', 'peak of memory (MiB)'], ...lines),
    isWithinLimits:
      imports.every(({ rows, seconds }) => rows < leastRows || rows / seconds >= limits.rowsPerSecond) &&
      imports.every(({ read95 }) => read95 < limits.readMilliseconds) &&
      Math.max(...peaks) - Math.min(...peaks) <= limits.memoryMebibytes,
  }
}

async function measureImport(service: ServerProcess, rows: number, hash: string): Promise<Import> {
  const token = await signIn(service)
  const reads: Promise<number>[] = []
  const timer = setInterval(() => reads.push(timeRead(service, token)), readInterval)
  const start = performance.now()
  const address = await upload(service, token, linesOf(rows, hash))
  const created = await untilCompleted(service.base + address, token)
  const seconds = (performance.now() - start) / 1000
  clearInterval(timer)
  if (created !== rows) throw new Error(`${created} of ${rows} rows were imported`)
  console.log(`${rows} rows: ${Math.round(rows / seconds)} a second`)
  return { rows, seconds, read95: percentile(await Promise.all(reads), 0.95), peak: service.memory().peak }
}

async function timeRead({ base }: ServerProcess, token: string): Promise<number> {
  const before = performance.now()
  const { status } = await get(`${base}/v1/users/${randomPersonId()}`, { Authorization: `Bearer ${token}` })
  if (status !== 200) throw new Error(`a read was answered ${status}`)
  return performance.now() - before
}

/** Answers how many users were made. */
async function untilCompleted(url: string, token: string): Promise<number> {
  for (;;) {
    const { text } = await get(url, { Authorization: `Bearer ${token}` })
    const { status, counts } = JSON.parse(text) as { status: string; counts: { created: number } }
    if (status === 'completed') return counts.created
    if (status === 'failed') throw new Error(`the import failed: ${text}`)
    await sleep(100)
  }
}
