import type { Tx } from '../../db/database.ts'
import { cancelUnfinished, disownImports, type EndedImport } from '../../queries/userImportOwners.ts'
import { auditMany, type Origin } from '../audit.ts'

const ended = new Set<EndedImport['before']>(['completed', 'cancelled', 'failed'])

/** Ends every import that has not ended, with an event of each; answers how many. */
export async function cancelImports(tx: Tx, origin: Origin): Promise<number> {
  const cancelled = await cancelUnfinished(tx)
  await auditCancelled(tx, origin, cancelled)
  return cancelled.length
}

/** Forgets who began the imports of a user, and ends those that have not ended; answers how many there were of both. */
export async function forgetImporter(tx: Tx, origin: Origin, userId: string): Promise<number> {
  const imports = await disownImports(tx, userId)
  const cancelled = imports.filter(({ before }) => !ended.has(before))
  await auditCancelled(tx, origin, cancelled)
  return imports.length
}

function auditCancelled(tx: Tx, origin: Origin, cancelled: EndedImport[]): Promise<void> {
  const details = cancelled.map(({ id, before }) => ({
    changes: { import_id: { after: id }, status: { before, after: 'cancelled' } },
  }))
  return auditMany(tx, 'users.import-cancelled', origin, details)
}
