import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { endSessions } from '../../domain/endSessions.ts'
import { demandStill } from '../../domain/stillMay.ts'
import { withdrawEmailChange } from '../../domain/withdrawEmailChange.ts'
import type { Input, Output } from '../../http/operation.ts'
import { Problem } from '../../problem.ts'
import { lockUser } from '../../queries/users.ts'
import { mayManage } from '../../security/permissions.ts'

export async function endUserSessions(
  { path, actor, client }: Input<'endUserSessions'>,
  { db, sessions }: Context,
): Promise<Output<'endUserSessions'>> {
  const sessionIds = await inTransaction(db, async (tx) => {
    const user = await lockUser(tx, path.user_id)
    const present = await demandStill(tx, actor, 'endUserSessions')
    if (!user) throw new Problem('not-found')
    if (!mayManage(present, user)) throw new Problem('forbidden')
    await withdrawEmailChange(tx, user.id, { actor, client })
    return endSessions(tx, user.id, 'revoked', { actor, client })
  })
  await sessions.ended(sessionIds)
  return { status: 204 }
}
