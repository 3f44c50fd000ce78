import { keysOf } from './conflicts.ts'
import type { Plan } from './plan.ts'
import type { Batch } from './readBatches.ts'
import type { SoundRow } from './readRow.ts'

/**
 * Whether a batch may be written while the one before it is: where neither can meet users that the other makes. Where users
 * are updated, one may have the name of one row and the address of another, which no look at the rows tells. A dry run keeps
 * its own account of names, and passwords are hashed one at a time.
 */
export function isIndependent(batch: Batch, before: Batch | undefined, plan: Plan): boolean {
  if (before === undefined || plan.isDryRun || plan.onConflict === 'update') return false
  const [rows, rowsBefore] = [soundRows(batch), soundRows(before)]
  if ([...rows, ...rowsBefore].some(({ user }) => user.password !== undefined)) return false
  const taken = new Set(rowsBefore.flatMap((row) => Object.values(keysOf(row))))
  return rows.every((row) => Object.values(keysOf(row)).every((key) => !taken.has(key)))
}

function soundRows({ rows }: Batch): SoundRow[] {
  return rows.filter((row) => 'user' in row)
}
