import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { keepAnAdministrator } from '../../domain/changeUser.ts'
import { eraseUser as erase } from '../../domain/eraseUser.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { findErasure } from '../../queries/erasures.ts'
import { lockUserEvenDeleted } from '../../queries/users.ts'
import { toErasureReceipt } from '../../views/erasure.ts'

/** Whoever asks again, because the answer was lost perhaps, gets the receipt of the first time. */
export async function eraseUser(
  { path, actor, client }: Input<'eraseUser'>,
  { db, sessions }: Context,
): Promise<Output<'eraseUser'>> {
  const { receipt, endedSessions } = await inTransaction(db, async (tx) => {
    const user = await lockUserEvenDeleted(tx, path.user_id)
    if (user) {
      if (user.deleted_at === null) await keepAnAdministrator(tx, user, undefined)
      return erase(tx, user, 'request', { actor, client })
    }
    const receipt = await findErasure(tx, path.user_id)
    if (!receipt) throw new Problem('not-found')
    return { receipt, endedSessions: [] }
  })
  await sessions.ended(endedSessions)
  return { status: 200, body: toErasureReceipt(receipt) }
}
