import { keysOf } from './conflicts.ts'
import type { Plan } from './plan.ts'
import type { Batch } from './readBatches.ts'
import type { SoundRow } from './readRow.ts'

/**
 * Whether a batch may be written while the one before it is: where no row can meet a user that a row of the other makes.
 * Where users are updated, one row may name somebody and the other give the same person's address, which the rows do not
 * tell. And while passwords of the one before are hashed, for seconds, nobody shall wait for the names of this one.
 */
export function isIndependent(batch: Batch, before: Batch | undefined, plan: Pick<Plan, 'onConflict'>): boolean {
  if (before === undefined || plan.onConflict === 'update') return false
  const rowsBefore = soundRows(before)
  if (rowsBefore.some(({ user }) => user.password !== undefined)) return false
  const taken = new Set(rowsBefore.flatMap((row) => Object.values(keysOf(row))))
  return soundRows(batch).every((row) => Object.values(keysOf(row)).every((key) => !taken.has(key)))
}

function soundRows({ rows }: Batch): SoundRow[] {
  return rows.filter((row) => 'user' in row)
}
