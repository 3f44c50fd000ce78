import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { keepAnAdministrator } from '../../domain/changeUser.ts'
import { eraseUser as erase } from '../../domain/eraseUser.ts'
import { demandStill } from '../../domain/stillMay.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { findErasure } from '../../queries/erasures.ts'
import { lockUserEvenDeleted } from '../../queries/users.ts'
import { toErasureReceipt } from '../../views/erasure.ts'

/** Whoever asks again, because the answer was lost perhaps, gets the receipt of the first time. */
export async function eraseUser(
  { path, actor, client }: Input<'eraseUser'>,
  { brake, db, sessions }: Context,
): Promise<Output<'eraseUser'>> {
  const { receipt, endedSessions, names } = await inTransaction(db, async (tx) => {
    const user = await lockUserEvenDeleted(tx, path.user_id)
    await demandStill(tx, actor, 'eraseUser')
    if (user) {
      const isDeleted = user.deleted_at !== null
      if (!isDeleted) await keepAnAdministrator(tx, user, undefined)
      // Those of a deleted user have been free since, and may be somebody else's, at whose password others guess.
      const names = isDeleted ? [] : [user.username, user.email]
      return { ...(await erase(tx, user, 'request', { actor, client })), names }
    }
    const receipt = await findErasure(tx, path.user_id)
    if (!receipt) throw new Problem('not-found')
    return { receipt, endedSessions: [], names: [] }
  })
  await sessions.ended(endedSessions)
  // Whoever takes the names is not to be slowed down by what was tried on their owner.
  await brake.forgive(names)
  return { status: 200, body: toErasureReceipt(receipt) }
}
