import type { Context } from '../../context.ts'
import { inTransaction } from '../../db/transaction.ts'
import { endSessions } from '../../domain/endSessions.ts'
import type { Input, Output } from '../../http/operation.ts'

export async function endMyOtherSessions(
  { actor, client }: Input<'endMyOtherSessions'>,
  { db, sessions }: Context,
): Promise<Output<'endMyOtherSessions'>> {
  const sessionIds = await inTransaction(db, (tx) =>
    endSessions(tx, actor.id, 'revoked', { actor, client }, actor.sessionId),
  )
  await sessions.ended(sessionIds)
  return { status: 204 }
}
