import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../context.ts'
import { leaseSeconds } from '../domain/userImport/commitBatch.ts'
import { processImport } from '../jobs/processImport.ts'
import { findImport, leaseImport, type ImportRow } from '../queries/userImports.ts'
import { listResults, type ResultRow } from '../queries/userImportResults.ts'
import { createProgressLine } from './progressLine.ts'

/** Milliseconds between two looks at how far it is. */
const interval = 250
const shownFailures = 20

/** Works through an import, or watches whoever does, and says what came of it. Answers the exit code. */
export async function finishImport(context: Context, begun: ImportRow, signal: AbortSignal): Promise<number> {
  const line = createProgressLine(process.stderr)
  let file = begun
  let working: Promise<void> | undefined
  while (file.finished_at === null && !signal.aborted) {
    working ??= work(context, file.id, signal).finally(() => (working = undefined))
    await Promise.race([working, sleep(interval)])
    file = (await findImport(context.db, begun.id)) ?? file
    const size = Number(file.received_bytes)
    line.show({ what: file.status, share: size === 0 ? 1 : Number(file.position_bytes) / size, count: rowsOf(file) })
  }
  await working
  line.end()
  return report(context, (await findImport(context.db, begun.id)) ?? file)
}

/** Nothing, where an instance of the service has taken it up already. */
async function work(context: Context, id: string, signal: AbortSignal): Promise<void> {
  const file = await leaseImport(context.db, { leaseId: randomUUID(), leaseSeconds, id })
  if (file) await processImport(context, file, signal)
  else await sleep(interval)
}

async function report({ db }: Context, file: ImportRow): Promise<number> {
  const { id, status, created, updated, skipped, failed } = file
  const { rows } = await listResults(db, id, {
    limit: shownFailures,
    direction: 'next',
    after: undefined,
    status: 'failed',
  })
  for (const row of rows) console.log(`line ${row.line}: ${reasonOf(row)}`)
  if (failed > rows.length) console.log(`… and ${failed - rows.length} more lines.`)
  const will = file.dry_run ? 'would be ' : ''
  console.log(`${status}: ${will}created ${created}, updated ${updated}, skipped ${skipped}, failed ${failed}.`)
  if (file.finished_at === null) {
    console.log(`The rest is done by the service as soon as it runs, or by: npm run import -- --resume ${id}`)
    return 130
  }
  if (status !== 'completed') return 1
  return failed > 0 ? 2 : 0
}

function reasonOf({ problem }: ResultRow): string {
  const { title, detail, errors = [] } = problem as { title: string; detail?: string; errors?: Fault[] }
  const faults = errors.map((fault) => `${fault.pointer?.slice(1) ?? ''} ${fault.detail}`.trim())
  return [detail, ...faults].filter((part) => part !== undefined).join(' ') || title
}

interface Fault {
  pointer?: string
  detail: string
}

function rowsOf({ created, updated, skipped, failed }: ImportRow): number {
  return created + updated + skipped + failed
}
