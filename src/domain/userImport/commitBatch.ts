import type { Tx } from '../../db/database.ts'
import { Problem } from '../../problem.ts'
import { deleteChunksBefore } from '../../queries/userImportChunks.ts'
import { insertResults, type NewResult } from '../../queries/userImportResults.ts'
import { recordProgress, type Progress } from '../../queries/userImports.ts'
import { findUser } from '../../queries/users.ts'
import { hasPermission } from '../../security/permissions.ts'
import type { ChangedUser } from '../changeUser.ts'
import type { HashedRow } from './hashPasswords.ts'
import type { Plan } from './plan.ts'
import type { Batch } from './readBatches.ts'
import type { UnsoundRow } from './readRow.ts'
import { failed } from './rowResult.ts'
import { writeRows } from './writeRows.ts'

/** Some fifty times what a batch takes; whoever is still at one then has died. */
export const leaseSeconds = 30

export interface HashedBatch extends Omit<Batch, 'rows'> {
  rows: HashedRow[]
  unsound: UnsoundRow[]
}

interface Committed {
  /** For the cache, after the commit. */
  changes: ChangedUser[]
  /** What became of the rows. */
  counts: Progress['counts']
}

/**
 * Everything that some rows of a file lead to, in one transaction: users, events, results and the place where the file goes
 * on. `takeTurn` waits for the batch before, locks the import, and throws where it is somebody else's by now, or cancelled;
 * it is asked last, so that whoever cancels does not wait for the rows, nor in vain while one batch follows the other.
 * Throws `forbidden` where whoever began the import may not import any more.
 */
export async function commitBatch(
  tx: Tx,
  batch: HashedBatch,
  plan: Plan,
  takeTurn: () => Promise<void>,
): Promise<Committed> {
  await demandImporter(tx, plan)
  const { results: written, changes } = await writeRows(tx, batch.rows, plan)
  const results = [...written, ...batch.unsound.map(failed)]
  await takeTurn()
  await insertResults(tx, plan.importId, results)
  const counts = countsOf(results)
  const { position, columns } = batch
  await recordProgress(tx, plan.importId, { ...position, columns, counts }, leaseSeconds)
  await deleteChunksBefore(tx, plan.importId, position.bytes)
  return { changes, counts }
}

/** An import may run for long after its request. Nobody has to be signed in for it, but the right has to be there. */
async function demandImporter(tx: Tx, { origin }: Plan): Promise<void> {
  if (!origin.actor) return
  const user = await findUser(tx, origin.actor.id)
  if (user?.is_active && hasPermission(user.role, 'users:import')) return
  throw new Problem('forbidden', { detail: 'Whoever began the import may not import users any more.' })
}

function countsOf(results: NewResult[]): Progress['counts'] {
  const counts = { created: 0, updated: 0, skipped: 0, failed: 0 }
  for (const { status } of results) counts[status] += 1
  return counts
}
