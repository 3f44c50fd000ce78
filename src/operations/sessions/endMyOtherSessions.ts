import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { endSessions } from '../../domain/endSessions.ts'
import { demandStill } from '../../domain/stillMay.ts'
import { withdrawEmailChange } from '../../domain/withdrawEmailChange.ts'
import type { Input, Output } from '../../http/operation.ts'
import { lockUser } from '../../queries/users.ts'

/** Whoever was signed in elsewhere may have asked for another address, too. */
export async function endMyOtherSessions(
  { actor, client }: Input<'endMyOtherSessions'>,
  { db, sessions }: Context,
): Promise<Output<'endMyOtherSessions'>> {
  const sessionIds = await inTransaction(db, async (tx) => {
    await lockUser(tx, actor.id)
    await demandStill(tx, actor, 'endMyOtherSessions')
    await withdrawEmailChange(tx, actor.id, { actor, client })
    return endSessions(tx, actor.id, 'revoked', { actor, client }, actor.sessionId)
  })
  await sessions.ended(sessionIds)
  return { status: 204 }
}
