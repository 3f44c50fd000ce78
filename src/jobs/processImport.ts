import type { Context } from '../context.ts'
import { isUnavailable } from '../db/errors.ts'
import { inTransaction } from '../db/transaction.ts'
import { audit } from '../domain/audit.ts'
import { commitBatch, leaseSeconds } from '../domain/userImport/commitBatch.ts'
import { hashPasswords } from '../domain/userImport/hashPasswords.ts'
import { isIndependent } from '../domain/userImport/independence.ts'
import { planOf, type Plan } from '../domain/userImport/plan.ts'
import { readBatches, type Batch } from '../domain/userImport/readBatches.ts'
import { toRowProblem } from '../domain/userImport/rowResult.ts'
import { Problem } from '../problem.ts'
import { insertResults } from '../queries/userImportResults.ts'
import {
  endImport,
  lockLeasedImport,
  prolongLease,
  recordProgress,
  releaseLease,
  type Holder,
  type ImportRow,
} from '../queries/userImports.ts'

/** Between two words that a worker is still alive, while it hashes. */
const wordMilliseconds = 5000

type Needs = Pick<Context, 'db' | 'passwords' | 'sessions' | 'metrics'>

/**
 * How long a batch whose rows are written waits for the commit of the one before. Meanwhile it keeps names and a connection
 * from others, among them whoever the one before may wait for, and PostgreSQL does not see what it waits for itself. Well
 * below the time that others wait for either (`timeouts` of `db/database.ts`).
 */
const turnMilliseconds = 500

/** The import was cancelled, or is somebody else's by now. */
class LeaseLost extends Error {}
/** The batch before was not committed in time, or not at all. */
class OutOfTurn extends Error {}

/**
 * Works through a file that this worker has leased, batch by batch, each of which is one transaction with the place where
 * the next one begins. So it may be killed at any moment, and whoever goes on neither repeats a row nor leaves one out.
 * While PostgreSQL writes two batches, on a core each, the next is read; they are committed in their order. Ends early, and
 * lets go, where `signal` says so.
 */
export async function processImport(context: Needs, file: ImportRow, signal?: AbortSignal): Promise<void> {
  const holder = { id: file.id, holderId: file.lease_id ?? '' }
  const work = { ...context, plan: planOf(file), holder, signal }
  let [older, newer] = [Promise.resolve(), Promise.resolve()]
  let before: Batch | undefined
  try {
    for await (const batch of readBatches(work, file)) {
      await older
      if (signal?.aborted || !isIndependent(batch, before, work.plan)) await newer
      if (signal?.aborted) return await releaseLease(context.db, holder)
      older = newer
      newer = write(work, batch, older)
      // Whoever waits for it next learns of the failure.
      newer.catch(() => undefined)
      before = batch
    }
    await newer
    await complete(work)
  } catch (error) {
    await Promise.allSettled([older, newer])
    await giveUp(work, error)
  }
}

interface Work extends Needs {
  plan: Plan
  holder: Holder
  signal: AbortSignal | undefined
}

/** `turn` is the writing of the batch before, which has to be committed first. */
async function write(work: Work, batch: Batch, turn: Promise<void>): Promise<void> {
  const { db, passwords, sessions, metrics, plan, holder, signal } = work
  let word = Date.now()
  const onHash = async (): Promise<void> => {
    if (Date.now() - word < wordMilliseconds) return
    word = Date.now()
    if (!(await prolongLease(db, holder, leaseSeconds))) throw new LeaseLost()
  }
  const sound = batch.rows.filter((row) => 'user' in row)
  const rows = await hashPasswords(sound, passwords, { isDryRun: plan.isDryRun, onHash, signal })
  const unsound = batch.rows.filter((row) => 'problem' in row)
  const commit = (awaitTurn: () => Promise<void>) =>
    inTransaction(db, (tx) =>
      commitBatch(tx, { ...batch, rows, unsound }, plan, async () => {
        await awaitTurn()
        const locked = await lockLeasedImport(tx, holder)
        if (locked?.position_bytes !== String(batch.start)) throw new LeaseLost()
      }),
    )
  const { changes, counts } = await commit(() => soon(turn)).catch(async (error: unknown) => {
    if (!(error instanceof OutOfTurn)) throw error
    await turn
    return commit(() => Promise.resolve())
  })
  for (const [outcome, count] of Object.entries(counts)) metrics.importRows.inc({ outcome }, count)
  for (const { user, endedSessions } of changes) {
    await sessions.ended(endedSessions)
    await sessions.changed(user)
  }
}

/** Throws `OutOfTurn` where the turn does not come in time, or never will. */
function soon(turn: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const tooLate = () => reject(new OutOfTurn())
    const timer = setTimeout(tooLate, turnMilliseconds)
    void turn.then(resolve, tooLate).finally(() => clearTimeout(timer))
  })
}

async function complete({ db, plan, holder }: Work): Promise<void> {
  await inTransaction(db, async (tx) => {
    if (!(await lockLeasedImport(tx, holder))) throw new LeaseLost()
    const { created, updated, skipped, failed } = await endImport(tx, holder.id, { status: 'completed' })
    const values = { import_id: holder.id, dry_run: plan.isDryRun, created, updated, skipped, failed }
    const changes = Object.fromEntries(Object.entries(values).map(([name, after]) => [name, { after }]))
    await audit(tx, 'users.imported', plan.origin, { changes })
  })
}

/** What no other row could do better is the end of the import; anything else is for the next worker to try again. */
async function giveUp(work: Work, error: unknown): Promise<void> {
  const { db, holder, signal } = work
  if (error instanceof LeaseLost) return
  if (error instanceof Problem && error.type !== 'unavailable') return fail(work, error)
  if (signal?.aborted || isUnavailable(error)) await releaseLease(db, holder).catch(() => undefined)
  // Otherwise its lease runs out, so that an import that fails again and again does not hold up the others.
  if (!signal?.aborted) throw error
}

async function fail({ db, plan, holder }: Work, problem: Problem): Promise<void> {
  const reason = toRowProblem(problem)
  await inTransaction(db, async (tx) => {
    const file = await lockLeasedImport(tx, holder)
    if (!file) return
    const isHeader = file.position_line === 0 && problem.type === 'validation-failed'
    if (isHeader) {
      await insertResults(tx, file.id, [{ line: 1, status: 'failed', user_id: null, problem: reason }])
      const counts = { created: 0, updated: 0, skipped: 0, failed: 1 }
      await recordProgress(tx, file.id, { bytes: 0, line: 0, columns: null, counts }, leaseSeconds)
    }
    await endImport(tx, file.id, { status: 'failed', problem: JSON.stringify(reason) })
    const changes = { import_id: { after: file.id }, problem: { after: reason.type } }
    await audit(tx, 'users.imported', plan.origin, { outcome: 'failure', changes })
  })
}
