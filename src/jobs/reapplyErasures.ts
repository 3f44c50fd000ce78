import { inBatches } from '../db/batches.ts'
import type { Db } from '../db/database.ts'
import { inTransaction } from '../db/transaction.ts'
import { destroyUser } from '../domain/eraseUser.ts'
import { findReturned, listErasures, type ErasureRow } from '../queries/erasures.ts'
import { lockUserEvenDeleted } from '../queries/users.ts'

const client = { ip: '', userAgent: undefined, requestId: 'reapply-erasures', traceId: undefined }

/**
 * Erases again whoever is in the ledger of erasures and is there nevertheless, because a backup of before was restored;
 * answers their ids. An erasure outranks the rule of the last administrator. Bears being cut off: what is done is done, and
 * the rest is found the next time.
 */
export async function reapplyErasures(db: Db): Promise<string[]> {
  const again: string[] = []
  const read = ({ after, limit }: { after: ErasureRow | undefined; limit: number }) =>
    listErasures(db, { afterUserId: after?.user_id, limit })
  for await (const receipts of inBatches(read)) {
    const returned = await findReturned(
      db,
      receipts.map(({ user_id }) => user_id),
    )
    for (const id of returned) if (await eraseAgain(db, id)) again.push(id)
  }
  return again
}

function eraseAgain(db: Db, id: string): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const user = await lockUserEvenDeleted(tx, id)
    if (user) await destroyUser(tx, user, 'user.erasure-reapplied', { actor: undefined, client })
    return user !== undefined
  })
}
