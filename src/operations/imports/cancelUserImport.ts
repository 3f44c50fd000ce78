import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { audit } from '../../domain/audit.ts'
import { demandStill } from '../../domain/stillMay.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { endImport, lockImport } from '../../queries/userImports.ts'
import { toUserImport } from '../../views/userImport.ts'

/** Waits for the rows that are being written; the worker sees at the next ones that the import is not its any more. */
export async function cancelUserImport(
  { path, actor, client }: Input<'cancelUserImport'>,
  { db }: Context,
): Promise<Output<'cancelUserImport'>> {
  const cancelled = await inTransaction(db, async (tx) => {
    const file = await lockImport(tx, path.import_id)
    await demandStill(tx, actor, 'cancelUserImport')
    if (!file) throw new Problem('not-found')
    if (file.finished_at !== null) throw new Problem('conflict', { detail: `The import is ${file.status} already.` })
    const changes = { import_id: { after: file.id }, status: { before: file.status, after: 'cancelled' } }
    await audit(tx, 'users.import-cancelled', { actor, client }, { changes })
    return endImport(tx, file.id, { status: 'cancelled' })
  })
  return { status: 200, body: toUserImport(cancelled) }
}
